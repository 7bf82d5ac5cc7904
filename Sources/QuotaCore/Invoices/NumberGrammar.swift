/// How a file writes numbers.
package struct NumberGrammar: Hashable, Sendable {
  package var decimalSeparator: Character
  /// What may stand between groups of three digits; nil where nothing may.
  package var thousandsSeparator: Character?

  package init(decimalSeparator: Character = ".", thousandsSeparator: Character? = nil) {
    self.decimalSeparator = decimalSeparator
    self.thousandsSeparator = thousandsSeparator
  }

  /// The number in a text, or nil: an optional minus, digits, and maybe a fraction. Where a separator stands between
  /// thousands, it stands between all of them, and every group but the first has three digits.
  package func number(_ text: String) -> ExactDecimal? {
    var rest = text[...]
    let sign = rest.first == "-" ? "-" : ""
    if !sign.isEmpty { rest = rest.dropFirst() }
    let parts = rest.split(separator: decimalSeparator, maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap(digits) else { return nil }
    return ExactDecimal(sign + whole + (parts.count == 2 ? "." + parts[1] : ""))
  }

  private func digits(_ whole: Substring) -> String? {
    guard let thousandsSeparator, whole.contains(thousandsSeparator) else { return String(whole) }
    let groups = whole.split(separator: thousandsSeparator, omittingEmptySubsequences: false)
    guard let first = groups.first, (1...3).contains(first.count), groups.dropFirst().allSatisfy({ $0.count == 3 })
    else { return nil }
    return groups.joined()
  }
}
