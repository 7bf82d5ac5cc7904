/// Cuts a text into its lines, piece by piece. Lines end with LF; a CR before it stays.
package struct LineReader {
  /// How long a line may be, in bytes.
  package static let longestLine = 1 << 20

  /// One line, without its end.
  package struct Line: Hashable, Sendable {
    /// From 1.
    package let number: Int
    /// Nil for a line that is too long, after which nothing more is read.
    package let bytes: [UInt8]?
  }

  private var number = 1
  private var rest: [UInt8] = []
  private var isOver = false

  package init() {}

  /// Takes the next bytes and gives the lines that they complete.
  package mutating func read(_ chunk: [UInt8]) -> [Line] {
    guard !isOver else { return [] }
    var lines: [Line] = []
    var start = 0
    while let end = chunk[start...].firstIndex(of: 0x0A) {
      guard rest.count + end - start <= Self.longestLine else { return lines + [tooLong()] }
      lines.append(line(rest + chunk[start..<end]))
      rest.removeAll(keepingCapacity: true)
      start = end + 1
    }
    rest += chunk[start...]
    return rest.count > Self.longestLine ? lines + [tooLong()] : lines
  }

  /// Ends the text and gives its last line, if that has no end.
  package mutating func finish() -> [Line] {
    isOver || rest.isEmpty ? [] : [line(rest)]
  }

  private mutating func line(_ bytes: [UInt8]) -> Line {
    defer { number += 1 }
    return Line(number: number, bytes: bytes)
  }

  private mutating func tooLong() -> Line {
    isOver = true
    rest = []
    return Line(number: number, bytes: nil)
  }
}
