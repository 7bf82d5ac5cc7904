import QuotaCore

/// The events of a group as numbered lines, as many as a channel has room for: the most urgent ones come first, so
/// what does not fit is the least urgent, and the last line says how many that are.
struct RankedRows {
  private let events: [EventText]
  private let room: Int
  private let most: Int

  /// - Parameters:
  ///   - room: for all lines and their line breaks, in the unit in which the service counts.
  ///   - most: how many events are shown at most: nobody reads more in a chat.
  init(_ events: [EventText], room: Int, most: Int = 100) {
    self.events = events
    self.room = room
    self.most = most
  }

  /// The longest that the last line can get: `… and 9,223,372,036,854,775,807 more`.
  private static let reserve = 40

  /// - Parameters:
  ///   - length: how the service counts, after escaping.
  ///   - write: a line of its own instead of the usual one.
  func lines(length: (String) -> Int, write: (_ rank: Int, _ event: EventText) -> String = Self.line) -> [String] {
    var lines: [String] = []
    var left = room - Self.reserve
    for (index, event) in events.prefix(most).enumerated() {
      let line = write(index + 1, event)
      left -= length(line) + 1
      guard left >= 0 else { break }
      lines.append(line)
    }
    let rest = events.count - lines.count
    if rest > 0 { lines.append("… and \(rest.grouped) more") }
    return lines
  }

  /// `1. 🔴 Acme Corp: 97 % of pages used (2026-11), 9,700 of 10,000 pages`.
  static func line(rank: Int, event: EventText) -> String { "\(rank). \(event.tone.symbol) \(event.row)" }
}
