import FoundationEssentials

/// A pattern such as `dd.MM.yyyy HH:mm`: letters stand for parts of a date, everything else for itself, as do words in
/// single quotes (`d 'de' MMM 'de' yyyy`).
struct DatePattern: Hashable, Sendable {
  private enum Part: Hashable, Sendable {
    case year
    /// Two digits of a year.
    case shortYear
    case month
    case monthName
    case day
    case hour
    /// 1 to 12, with `a`.
    case halfDayHour
    /// AM or PM.
    case halfDay
    case minute
    case second
    case fraction
    case zone
  }

  private enum Token: Hashable, Sendable {
    case part(Part, digits: ClosedRange<Int>)
    case literal(Character)
  }

  private let tokens: [Token]
  private let parts: Set<Part>

  var hasShortYear: Bool { parts.contains(.shortYear) }

  /// Nil for a pattern that does not tell a year and a month, has a part twice, or could be read in two ways.
  init?(_ pattern: String) {
    var tokens: [Token] = []
    var parts: Set<Part> = []
    var rest = pattern[...]
    while let character = rest.first {
      let run = rest.prefix { $0 == character }
      if character == "'" {
        guard let end = rest.dropFirst().firstIndex(of: "'") else { return nil }
        tokens += rest[..<end].dropFirst().map { .literal($0) }
        rest = rest[rest.index(after: end)...]
      } else if let (part, digits) = Self.part(character, run.count) {
        // Where a number has no fixed length, no other may follow at once.
        if case .part(_, let before) = tokens.last, before.count > 1, digits.upperBound > 0 { return nil }
        guard parts.insert(part).inserted else { return nil }
        tokens.append(.part(part, digits: digits))
        rest = rest.dropFirst(run.count)
      } else {
        guard !character.isLetter || character == "T", !character.isNumber else { return nil }
        tokens.append(.literal(character))
        rest = rest.dropFirst()
      }
    }
    func count(_ some: Part...) -> Int { some.count(where: parts.contains) }
    guard count(.year, .shortYear) == 1, count(.month, .monthName) == 1, count(.hour, .halfDayHour) < 2,
      parts.contains(.halfDay) == parts.contains(.halfDayHour),
      count(.hour, .halfDayHour) == 1 || count(.minute, .second, .fraction, .zone) == 0,
      parts.contains(.day) || count(.hour, .halfDayHour) == 0, parts.contains(.second) || !parts.contains(.fraction),
      parts.contains(.minute) || !parts.contains(.second)
    else { return nil }
    self.tokens = tokens
    self.parts = parts
  }

  private static func part(_ letter: Character, _ count: Int) -> (Part, digits: ClosedRange<Int>)? {
    switch (letter, count) {
    case ("y", 4): (.year, 4...4)
    case ("y", 2): (.shortYear, 2...2)
    case ("M", 2): (.month, 2...2)
    case ("M", 1): (.month, 1...2)
    case ("M", 3), ("M", 4): (.monthName, 0...0)
    case ("d", 2): (.day, 2...2)
    case ("d", 1): (.day, 1...2)
    case ("H", 2): (.hour, 2...2)
    case ("H", 1): (.hour, 1...2)
    case ("h", 2): (.halfDayHour, 2...2)
    case ("h", 1): (.halfDayHour, 1...2)
    case ("a", 1): (.halfDay, 0...0)
    case ("m", 2): (.minute, 2...2)
    case ("s", 2): (.second, 2...2)
    case ("S", 1): (.fraction, 1...9)
    case ("S", 2...9): (.fraction, count...count)
    case ("z", 1): (.zone, 0...0)
    default: nil
    }
  }

  /// - Parameter pivot: the first of the hundred years that a year of two digits may be; without it there is none.
  func moment(_ text: String, in zone: TimeZone, pivot: Int?) -> DateGrammar.Moment? {
    guard let values = values(text), let year = year(values, pivot), let month = values[.month] ?? values[.monthName],
      let day = CivilDate(year: year, month: month, day: values[.day] ?? 1), let hour = Self.hour(values)
    else { return nil }
    let (minute, second) = (values[.minute] ?? 0, values[.second] ?? 0)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let fraction = Double(values[.fraction] ?? 0) / 1_000_000_000
    let precision: DateGrammar.Moment.Precision =
      parts.contains(.hour) || parts.contains(.halfDayHour) ? .time : parts.contains(.day) ? .day : .month
    if let offset = values[.zone] {
      let seconds = day.dayNumber * 86_400 + hour * 3_600 + minute * 60 + second - offset
      return .init(date: Date(timeIntervalSince1970: Double(seconds) + fraction), precision: precision)
    }
    let date = LocalTime.moment(day: day.dayNumber, minutes: hour * 60 + minute, in: zone)
    return .init(date: date.addingTimeInterval(Double(second) + fraction), precision: precision)
  }

  private func year(_ values: [Part: Int], _ pivot: Int?) -> Int? {
    if let year = values[.year] { return year }
    guard let pivot, let short = values[.shortYear] else { return nil }
    let century = pivot - pivot % 100
    return century + short >= pivot ? century + short : century + 100 + short
  }

  private static func hour(_ values: [Part: Int]) -> Int? {
    guard let hour = values[.halfDayHour] else { return values[.hour] ?? 0 }
    guard (1...12).contains(hour), let half = values[.halfDay] else { return nil }
    return hour % 12 + half * 12
  }

  /// What a text says by the pattern; a fraction in nanoseconds, a zone in seconds east of UTC.
  private func values(_ text: String) -> [Part: Int]? {
    var rest = text[...]
    var values: [Part: Int] = [:]
    for token in tokens {
      switch token {
      case .literal(let character):
        guard rest.first == character else { return nil }
        rest = rest.dropFirst()
      case .part(let part, let digits):
        guard let (value, length) = Self.value(part, digits, rest) else { return nil }
        values[part] = value
        rest = rest.dropFirst(length)
      }
    }
    return rest.isEmpty ? values : nil
  }

  private static func value(_ part: Part, _ digits: ClosedRange<Int>, _ rest: Substring) -> (Int, length: Int)? {
    switch part {
    case .monthName: return MonthNames.month(startingWith: rest)
    case .halfDay:
      let word = rest.prefix(2).uppercased()
      return word == "AM" ? (0, 2) : word == "PM" ? (1, 2) : nil
    case .zone:
      // What is left: a zone stands at the end.
      return ZoneDesignator.offset(rest.utf8, names: ["Z", "UTC", "GMT"]).map { ($0, rest.count) }
    default:
      let found = rest.utf8.prefix(digits.upperBound).prefix(while: \.isDigit)
      guard digits.contains(found.count), let value = found.decimalNumber else { return nil }
      guard part == .fraction else { return (value, found.count) }
      return ((found.count..<9).reduce(value) { value, _ in value * 10 }, found.count)
    }
  }
}

/// The names of months in the languages that invoices often come in: English, German, Spanish, French, Portuguese and
/// Italian, whole or short. None of them stands for two months.
private enum MonthNames {
  /// The month that a text begins with, by the longest name that fits, and how long that is; a full stop behind a short
  /// name belongs to it.
  static func month(startingWith text: Substring) -> (Int, length: Int)? {
    let word = text.prefix(while: \.isLetter)
    guard let month = months[word.lowercased()] else { return nil }
    let isShort = word.count < 5 && text.dropFirst(word.count).first == "."
    return (month, word.count + (isShort ? 1 : 0))
  }

  private static let months: [String: Int] = {
    let names = [
      "jan january januar enero ene janvier janv janeiro gennaio gen jän jänner",
      "feb february februar febrero février févr fév fevereiro fev febbraio",
      "mar march märz mär mrz marzo mars março",
      "apr april abril abr avril avr aprile",
      "may mai mayo maio maggio mag",
      "jun june juni junio juin junho giugno giu",
      "jul july juli julio juillet juil julho luglio lug",
      "aug august agosto ago août",
      "sep sept september septiembre septembre setembro set settembre setiembre",
      "oct october oktober okt octubre octobre outubro out ottobre ott",
      "nov november noviembre novembre novembro",
      "dec december dezember dez diciembre dic décembre déc dezembro dicembre",
    ]
    return names.enumerated().reduce(into: [:]) { months, entry in
      for name in entry.element.split(separator: " ") { months[String(name)] = entry.offset + 1 }
    }
  }()
}
