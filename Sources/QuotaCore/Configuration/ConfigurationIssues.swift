/// One thing that is wrong in the configuration, at its place.
package struct ConfigurationIssue: Sendable, Equatable {
  /// What the text is called in which it stands; empty where there is but one, without a name.
  package let file: String
  package let position: TextPosition
  /// The JSON path, such as `rules[0].percent`, or a table's column; empty for the whole file.
  package let path: String
  /// What is wrong and what to do, on one line.
  package let message: String

  /// `alerts.json:12:7: rules[0].percent: what is wrong`, as compilers write it, without line breaks.
  package var line: String {
    let place = path.isEmpty ? "" : "\(path): "
    let text = "\(file):\(position.line):\(position.column): \(place)\(message)"
    guard text.hasControlCharacters else { return text }
    return text.unicodeScalars.reduce(into: "") { line, scalar in
      line += scalar.isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }
}

/// Collects what is wrong in a configuration, so that all of it is reported at once.
package final class ConfigurationIssues {
  package let sources: ConfigurationSources
  private var found: [Found] = []

  private struct Found {
    let offset: Int
    let path: String
    let message: String
    /// Another place that belongs to it, and how the message goes on behind that.
    let other: (offset: Int, rest: String)?
  }

  /// Issues in some texts, which the offsets refer to.
  package init(in sources: ConfigurationSources) {
    self.sources = sources
  }

  /// Issues in a text that stands for itself.
  package convenience init(source: [UInt8], file: String = "") {
    let sources = ConfigurationSources()
    _ = sources.add(source, file: file)
    self.init(in: sources)
  }

  /// Whether nothing has been reported.
  package var isEmpty: Bool { found.isEmpty }
  /// How much has been reported.
  package var count: Int { found.count }

  /// Adds an issue at a byte offset.
  ///
  /// - Parameter path: what the value there is called; nil lets the text say it.
  package func report(_ message: String, path: String? = nil, offset: Int) {
    add(message, path, offset, other: nil)
  }

  /// Adds an issue that has to do with another place, which is named by file, line and column between the words.
  func report(_ message: String, place: Int, _ rest: String, offset: Int) {
    add(message, nil, offset, other: (place, rest))
  }

  private func add(_ message: String, _ path: String?, _ offset: Int, other: (offset: Int, rest: String)?) {
    let path = path ?? sources.path(at: offset)
    found.append(
      Found(offset: offset, path: path.withoutInvisible, message: message.withoutInvisible, other: other))
  }

  /// Everything reported, in the order of the texts.
  package var sorted: [ConfigurationIssue] {
    let ordered = found.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
      .map(\.element)
    let places = sources.places(of: ordered.flatMap { [$0.offset, $0.other?.offset ?? $0.offset] })
    return ordered.compactMap { issue in
      guard let place = places[issue.offset] else { return nil }
      var message = issue.message
      if let other = issue.other, let (file, position) = places[other.offset] {
        message += "\(file.withoutInvisible):\(position.line):\(position.column)\(other.rest)"
      }
      return ConfigurationIssue(
        file: place.file.withoutInvisible, position: place.position, path: issue.path, message: message)
    }
  }
}
