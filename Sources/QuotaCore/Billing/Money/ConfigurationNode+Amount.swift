extension ConfigurationNode {
  /// An amount of money or a price: from 0, with at most 15 digits before the point and 12 behind it, in quotes.
  package func amount() -> ExactDecimal? {
    guard case .string(let text) = json.value else {
      report("expected an amount in quotes such as \"0.012\", found \(json.kind)")
      return nil
    }
    guard let amount = Self.bounded(text, digits: 15, decimals: 12) else {
      report(
        "expected an amount such as \"0.012\", without sign, at most 15 digits, a point and 12 decimals; found \"\(text)\""
      )
      return nil
    }
    return amount
  }

  /// A percentage from 0 to 100 with at most four decimals, as a number or in quotes.
  package func exactPercentage() -> ExactDecimal? {
    let text: String? =
      switch json.value {
      case .string(let text), .number(let text): text
      default: nil
      }
    guard let percent = text.flatMap({ Self.bounded($0, digits: 3, decimals: 4) }), percent <= ExactDecimal(100) else {
      report("expected a percentage from 0 to 100 with at most four decimals, such as \"19\" or \"8.1\"")
      return nil
    }
    return percent
  }

  /// A currency of ISO 4217.
  package func currency() -> Currency? {
    guard let code = string() else { return nil }
    guard let currency = Currency(code) else {
      let help = suggestion(for: code, among: Currency.codes)
      report("\"\(code)\" is no currency of ISO 4217\(help.isEmpty ? "; use a code such as \"EUR\"" : help)")
      return nil
    }
    return currency
  }

  private static func bounded(_ text: String, digits: Int, decimals: Int) -> ExactDecimal? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let number = ExactDecimal(text), !text.hasPrefix("-"), (parts.first?.count ?? 0) <= digits,
      parts.dropFirst().allSatisfy({ $0.count <= decimals })
    else { return nil }
    return number
  }
}
