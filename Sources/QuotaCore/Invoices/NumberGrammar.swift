/// How a file writes numbers: exactly this, and nothing else.
package struct NumberGrammar: Hashable, Sendable {
  /// How many digits a group has.
  package enum Grouping: String, CaseIterable, Sendable {
    /// Three.
    case thousands
    /// Three in the last group and two in those before it: `12,34,567.89`.
    case indian
  }

  package var decimalSeparator: Character
  /// What may stand between groups of digits: one of these, the same between all groups of a number.
  package var groupSeparators: [Character]
  package var grouping: Grouping

  package init(
    decimalSeparator: Character = ".", groupSeparators: [Character] = [], grouping: Grouping = .thousands
  ) {
    self.decimalSeparator = decimalSeparator
    self.groupSeparators = groupSeparators
    self.grouping = grouping
  }

  /// The number in a text, or nil: digits, maybe a fraction, and at most one sign. A minus may stand behind the number,
  /// too, and parentheses are one. Where a separator stands between groups, it stands between all of them.
  ///
  /// - Parameter currency: its code or sign may stand before or behind the number.
  package func number(_ text: String, in currency: Currency? = nil) -> ExactDecimal? {
    number(text, beside: currency?.isWritten)
  }

  /// - Parameter isCurrency: whether a text may stand before or behind the number; nil allows none.
  func number(_ text: String, beside isCurrency: ((String) -> Bool)?) -> ExactDecimal? {
    // Most numbers are written as we write them.
    if decimalSeparator == ".", let number = ExactDecimal(text) { return number }
    var rest = text[...]
    var signs = 0
    var isNegative = false
    Self.takeSign(&rest, &signs, &isNegative)
    if let isCurrency, Self.takeCurrency(&rest, isCurrency) { Self.takeSign(&rest, &signs, &isNegative) }
    guard signs < 2 else { return nil }
    let parts = rest.split(separator: decimalSeparator, maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap(digits), parts.dropFirst().allSatisfy({ $0.hasOnlyDigits }) else {
      return nil
    }
    return ExactDecimal((isNegative ? "-" : "") + whole + (parts.count == 2 ? "." + parts[1] : ""))
  }

  private static func takeSign(_ rest: inout Substring, _ signs: inout Int, _ isNegative: inout Bool) {
    func isMinus(_ character: Character?) -> Bool { character == "-" || character == "\u{2212}" }
    if rest.first == "(", rest.last == ")" {
      (rest, isNegative) = (rest.dropFirst().dropLast().trimmed, true)
      signs += 1
      return
    }
    if isMinus(rest.first) || rest.first == "+" {
      isNegative = isNegative || rest.first != "+"
      signs += 1
      rest = rest.dropFirst().trimmed
    }
    if isMinus(rest.last) {
      isNegative = true
      signs += 1
      rest = rest.dropLast().trimmed
    }
  }

  private static func takeCurrency(_ rest: inout Substring, _ isCurrency: (String) -> Bool) -> Bool {
    func isNumeral(_ character: Character) -> Bool { character.isNumber || "-\u{2212}+()".contains(character) }
    let prefix = rest.prefix { !isNumeral($0) }
    let suffix = rest.reversed().prefix { !isNumeral($0) }
    if !prefix.isEmpty, suffix.isEmpty, isCurrency(String(prefix.trimmed)) {
      rest = rest.dropFirst(prefix.count)
      return true
    }
    if prefix.isEmpty, !suffix.isEmpty, isCurrency(String(rest.suffix(suffix.count).trimmed)) {
      rest = rest.dropLast(suffix.count)
      return true
    }
    return false
  }

  private func digits(_ whole: Substring) -> String? {
    guard let separator = groupSeparators.first(where: whole.contains) else {
      return whole.hasOnlyDigits ? String(whole) : nil
    }
    let groups = whole.split(separator: separator, omittingEmptySubsequences: false)
    let inner = grouping == .indian ? 2 : 3
    guard let first = groups.first, (1...inner).contains(first.count), groups.last?.count == 3,
      groups.dropFirst().dropLast().allSatisfy({ $0.count == inner }), groups.allSatisfy({ $0.hasOnlyDigits })
    else { return nil }
    return groups.joined()
  }
}

extension NumberGrammar {
  /// The separators that a mapping may name.
  package static let separators: [Character] = [".", ",", " ", "'", "’", "\u{A0}", "\u{202F}", "\u{2009}"]

  /// The conventions that numbers of a table may follow, by what stands between their digits: the plainest first.
  static func candidates(for texts: [String]) -> [NumberGrammar] {
    let found = separators.filter { separator in texts.contains { $0.hasBetweenDigits(separator) } }
    return [".", ","].flatMap { (decimal: Character) in
      let groups = found.filter { $0 != decimal }
      return Grouping.allCases.filter { !groups.isEmpty || $0 == .thousands }.map {
        NumberGrammar(decimalSeparator: decimal, groupSeparators: groups, grouping: $0)
      }
    }.sorted { $0.groupSeparators.count < $1.groupSeparators.count }
  }

  /// In words: `decimal ",", "." between thousands`.
  var words: String {
    let groups = groupSeparators.map { "\"\($0)\"" }.joined(separator: " or ")
    return "decimal \"\(decimalSeparator)\", \(groups.isEmpty ? "nothing" : groups) between groups"
  }

  /// Which settings would read a text that this grammar does not, and as what, for the end of a message; empty for none.
  func hint(for text: String, in currency: Currency? = nil) -> String {
    let others = [decimalSeparator, decimalSeparator == "." ? "," : "."].flatMap { decimal in
      ([[]] + Self.separators.filter { $0 != decimal }.map { [$0] }).flatMap { groups in
        Grouping.allCases.map {
          NumberGrammar(decimalSeparator: decimal, groupSeparators: groups, grouping: $0)
        }
      }
    }
    var seen: Set<ExactDecimal> = []
    let readings = others.compactMap { other -> String? in
      guard let number = other.number(text, in: currency), seen.insert(number).inserted else { return nil }
      return "\(other.settings(unlike: self)) would read \(number)"
    }
    return readings.isEmpty ? "" : "; in a mapping " + readings.prefix(2).joined(separator: ", ")
  }

  private func settings(unlike other: NumberGrammar) -> String {
    var settings: [String] = []
    if decimalSeparator != other.decimalSeparator { settings.append("\"decimal\": \"\(decimalSeparator)\"") }
    if let separator = groupSeparators.first { settings.append("\"thousands\": \"\(separator)\"") }
    if grouping != other.grouping { settings.append("\"grouping\": \"\(grouping.rawValue)\"") }
    return settings.joined(separator: " with ")
  }
}

extension String {
  /// Whether a character stands between two digits somewhere.
  func hasBetweenDigits(_ separator: Character) -> Bool {
    let characters = Array(self)
    return characters.indices.dropFirst().dropLast().contains {
      characters[$0] == separator && characters[$0 - 1].isNumber && characters[$0 + 1].isNumber
    }
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    func isSpace(_ character: Character) -> Bool {
      character == " " || character == "\u{A0}" || character == "\u{202F}" || character == "\u{2009}"
    }
    var rest = drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }
}

extension ExactDecimal {
  /// The value of a number of JSON, exponent and all; nil for one with more than ``maximumDigits`` digits.
  package init?(jsonNumber text: String) {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard let mantissa = parts.first.flatMap({ ExactDecimal($0) }) else { return nil }
    guard parts.count == 2 else {
      guard parts.count == 1 else { return nil }
      self = mantissa
      return
    }
    guard let exponent = Int(parts[1]), abs(exponent) < Self.maximumDigits else { return nil }
    guard exponent > 0 else {
      self = mantissa.movingPoint(left: -exponent)
      return
    }
    guard let power = ExactDecimal("1" + String(repeating: "0", count: exponent)) else { return nil }
    self = mantissa * power
  }
}
