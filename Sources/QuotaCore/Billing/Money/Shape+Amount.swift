extension Shape<ExactDecimal> {
  /// An amount of money or a price: from 0, with at most 15 digits before the point and 12 behind it, in quotes.
  package static var amount: Shape {
    Shape(
      "amount", pattern: #"^(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,12})?$"#,
      accepts: ["0", "0.012", "99.00", "999999999999999.123456789012"],
      refuses: [
        "-1", "+1", "01", ".5", "5.", "1,5", "1e3", " 1", "1 ", "1_0", "1.5.0", "1000000000000000", "0.1234567890123",
      ], decode: { $0.amount() }
    )
    .named(
      "amount", "A decimal in quotes, without sign, with at most 15 digits before the point and 12 behind it.")
  }

  /// A percentage from 0 to 100 with at most four decimals, as a number or in quotes.
  package static var exactPercentage: Shape {
    Shape(
      "percentage",
      [
        .init(
          "anyOf",
          [
            ["type": "string", "pattern": #"^(?:(?:0|[1-9][0-9]?)(?:\.[0-9]{1,4})?|100(?:\.0{1,4})?)$"#],
            ["type": "number", "minimum": 0, "maximum": 100],
          ])
      ],
      accepts: [0, 100, .number("8.25"), "19", "100.0000"],
      refuses: [-1, 101, "101", "19.12345", "1e1", "", true, .null],
      beyond: [.number("1e1"), .number("19.12345")], decode: { $0.exactPercentage() }
    )
    .named("exactPercentage", "A percentage from 0 to 100 with at most four decimals, as a number or in quotes.")
  }
}

extension Shape<Currency> {
  /// A currency of ISO 4217.
  package static var currency: Shape {
    Shape(
      "currency code", pattern: "^[A-Z]{3}$", accepts: ["EUR", "KWD"], refuses: ["eur", "EURO"], beyond: ["DEM"],
      decode: { $0.currency() })
  }
}

extension ConfigurationNode {
  fileprivate func amount() -> ExactDecimal? {
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

  fileprivate func exactPercentage() -> ExactDecimal? {
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

  fileprivate func currency() -> Currency? {
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
