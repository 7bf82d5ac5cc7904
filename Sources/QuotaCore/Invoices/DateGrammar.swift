package import FoundationEssentials

/// How a file writes dates: `unix`, `iso8601`, or a pattern of `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss` and what stands
/// between them.
package struct DateGrammar: Hashable, Sendable {
  private enum Kind: Hashable, Sendable {
    /// Seconds since 1970.
    case unix
    /// With a zone of its own.
    case iso8601
    case pattern([Token])
  }

  private enum Token: Hashable, Sendable {
    case field(Field)
    case literal(Character)
  }

  private enum Field: String, CaseIterable, Sendable {
    case year = "yyyy"
    case month = "MM"
    case day = "dd"
    case hour = "HH"
    case minute = "mm"
    case second = "ss"
  }

  private let kind: Kind

  /// Nil for a pattern without a year, a month and a day, or with one of the fields twice.
  package init?(pattern: String) {
    switch pattern {
    case "unix": kind = .unix
    case "iso8601": kind = .iso8601
    default:
      guard let tokens = Self.tokens(of: pattern) else { return nil }
      kind = .pattern(tokens)
    }
  }

  private static func tokens(of pattern: String) -> [Token]? {
    var tokens: [Token] = []
    var rest = pattern[...]
    var seen: Set<Field> = []
    while let character = rest.first {
      if let field = Field.allCases.first(where: { rest.hasPrefix($0.rawValue) }) {
        guard seen.insert(field).inserted else { return nil }
        tokens.append(.field(field))
        rest = rest.dropFirst(field.rawValue.count)
      } else {
        guard !character.isLetter || character == "T", !character.isNumber else { return nil }
        tokens.append(.literal(character))
        rest = rest.dropFirst()
      }
    }
    return seen.isSuperset(of: [.year, .month, .day]) ? tokens : nil
  }

  /// A moment, and whether only a day was written.
  package struct Moment: Hashable, Sendable {
    package let date: Date
    package let isDay: Bool
  }

  /// The moment in a text; a day is its first moment in the zone.
  package func moment(_ text: String, in zone: TimeZone) -> Moment? {
    switch kind {
    case .unix:
      guard let seconds = Int64(text), (0..<10_000_000_000).contains(seconds) else { return nil }
      return Moment(date: Date(timeIntervalSince1970: Double(seconds)), isDay: false)
    case .iso8601:
      guard let date = (try? Date(text, strategy: .iso8601)) ?? Date(iso8601: text) else { return nil }
      return Moment(date: date, isDay: false)
    case .pattern(let tokens):
      return Self.moment(text, tokens, zone)
    }
  }

  private static func moment(_ text: String, _ tokens: [Token], _ zone: TimeZone) -> Moment? {
    var rest = text[...]
    var values: [Field: Int] = [:]
    for token in tokens {
      switch token {
      case .literal(let character):
        guard rest.first == character else { return nil }
        rest = rest.dropFirst()
      case .field(let field):
        let digits = rest.prefix(field.rawValue.count)
        guard digits.count == field.rawValue.count, digits.hasOnlyDigits,
          let value = Int(digits)
        else { return nil }
        values[field] = value
        rest = rest.dropFirst(field.rawValue.count)
      }
    }
    guard rest.isEmpty, let year = values[.year], let month = values[.month], let day = values[.day],
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let (hour, minute, second) = (values[.hour] ?? 0, values[.minute] ?? 0, values[.second] ?? 0)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = DateComponents(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    guard let date = calendar.date(from: parts), calendar.component(.day, from: date) == day else { return nil }
    return Moment(date: date, isDay: values[.hour] == nil)
  }
}
