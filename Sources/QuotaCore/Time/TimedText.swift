package import FoundationEssentials

/// Words with moments in them, which are shown in the zone of whoever reads them.
package struct TimedText: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// A part of the text.
  package enum Part: Hashable, Sendable {
    case words(String)
    case time(Date)
    /// The day on which a moment is.
    case day(Date)
  }

  package private(set) var parts: [Part] = []

  /// Words without moments.
  package init(_ words: String) {
    if !words.isEmpty { parts = [.words(words)] }
  }

  /// A text in which moments stand as ``Foundation/Date/iso8601`` writes them.
  package init(stamped text: String) {
    let bytes = Array(text.utf8)
    var (start, index) = (0, 0)
    while index + Timestamp.length <= bytes.count {
      let end = index + Timestamp.length
      guard bytes[end - 1] == UInt8(ascii: "Z"),
        let date = bytes[index..<end].withUnsafeBufferPointer({ Timestamp.date($0) })
      else {
        index += 1
        continue
      }
      add(bytes[start..<index])
      parts.append(.time(date))
      (start, index) = (end, end)
    }
    add(bytes[start...])
  }

  private mutating func add(_ words: ArraySlice<UInt8>) {
    if !words.isEmpty { parts.append(.words(String(decoding: words, as: UTF8.self))) }
  }

  package init(stringLiteral words: String) {
    self.init(words)
  }

  package init(stringInterpolation: Interpolation) {
    parts = stringInterpolation.parts
  }

  /// The text as somebody in a zone reads it.
  ///
  /// - Parameter time: how a moment is written.
  package func text(in zone: TimeZone, as time: (Date) -> (TimeZone) -> String = Date.words(in:)) -> String {
    parts.map {
      switch $0 {
      case .words(let words): words
      case .time(let date): time(date)(zone)
      case .day(let date): date.day(in: zone)
      }
    }.joined()
  }

  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ words: String) {
      if !words.isEmpty { parts.append(.words(words)) }
    }

    package mutating func appendInterpolation(_ date: Date) {
      parts.append(.time(date))
    }

    package mutating func appendInterpolation(day date: Date) {
      parts.append(.day(date))
    }

    package mutating func appendInterpolation(_ text: TimedText) {
      parts += text.parts
    }

    package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      appendLiteral(value.description)
    }
  }
}
