/// One thing that is wrong in the configuration, at its place.
package struct ConfigurationIssue: Sendable, Equatable {
  /// The JSON path, such as `rules[0].percent`; empty for the whole file.
  package let path: String
  package let position: TextPosition
  /// What is wrong and what to do, on one line.
  package let message: String
}

/// Collects what is wrong in one configuration text, so that all of it is reported at once.
package final class ConfigurationIssues {
  private let source: [UInt8]
  private var found: [(offset: Int, path: String, message: String)] = []

  /// Issues in this text, which the offsets refer to.
  package init(source: [UInt8]) {
    self.source = source
  }

  /// Whether nothing has been reported.
  package var isEmpty: Bool { found.isEmpty }

  /// Adds an issue at a byte offset.
  package func report(_ message: String, path: String, offset: Int) {
    found.append((offset, path.withoutInvisible, message.withoutInvisible))
  }

  /// Everything reported, in the order of the text.
  package var sorted: [ConfigurationIssue] {
    let ordered = found.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
    let positions = TextPosition.positions(ofAscending: ordered.map(\.element.offset), in: source)
    return zip(ordered, positions).map {
      ConfigurationIssue(path: $0.element.path, position: $1, message: $0.element.message)
    }
  }
}
