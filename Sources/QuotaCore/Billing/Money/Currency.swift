/// A currency of ISO 4217.
package struct Currency: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The alphabetic code, such as `EUR`.
  package let code: String
  /// How many decimals an amount has: 2 for `EUR`, 0 for `JPY`, 3 for `KWD`.
  package let minorUnit: Int

  /// Nil for what is no code that a price can be in: unknown, not in capitals, or without a minor unit (gold, `XXX`).
  package init?(_ code: String) {
    guard let minorUnit = Self.minorUnits[code] else { return nil }
    self.code = code
    self.minorUnit = minorUnit
  }

  /// Every code that ``init(_:)`` knows.
  package static var codes: some Collection<String> & Sendable { minorUnits.keys }

  package var description: String { code }

  package static func < (first: Currency, second: Currency) -> Bool { first.code < second.code }

  /// The amount rounded to the minor unit, half away from zero.
  package func rounded(_ amount: ExactDecimal) -> ExactDecimal { amount.rounded(to: minorUnit) }

  /// The amount with at least the decimals of the minor unit: `1.50`.
  package func text(_ amount: ExactDecimal) -> String { amount.text(minimumDecimals: minorUnit) }

  /// The same as people read it: `1,234.50`.
  package func grouped(_ amount: ExactDecimal) -> String { amount.grouped(minimumDecimals: minorUnit) }

  /// The same in words and on screens, rounded to six decimals: those of a division never end.
  package func shown(_ amount: ExactDecimal) -> String { grouped(amount.rounded(to: 6)) }

  /// ISO 4217 list one (currencies and funds) with amendments up to 180, and the codes that were withdrawn from it since
  /// 2020 (`ANG`, `BGN`, `CUC`, `HRK`, `SLL`, `ZWL`), because the vendor's months begin in 2020.
  private static let minorUnits: [String: Int] = {
    let codes = [
      0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
      2: """
      AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF \
      CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK \
      HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
      MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP \
      SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG \
      YER ZAR ZMW ZWG ZWL
      """,
      3: "BHD IQD JOD KWD LYD OMR TND",
      4: "CLF UYW",
    ]
    return codes.reduce(into: [:]) { table, entry in
      for code in entry.value.split(separator: " ") { table[String(code)] = entry.key }
    }
  }()
}

extension Currency: TextCoded {
  package static let expected = "a currency of ISO 4217"
}

/// An amount in a currency.
package struct Money: Hashable, Codable, Sendable, CustomStringConvertible {
  package let amount: ExactDecimal
  package let currency: Currency

  package init(_ amount: ExactDecimal, _ currency: Currency) {
    self.amount = amount
    self.currency = currency
  }

  /// As people read it, with at most six decimals: `1,234.50 EUR`.
  package var description: String { "\(currency.shown(amount)) \(currency)" }

  /// The same with every decimal, for what an invoice says.
  package var exact: String { "\(currency.grouped(amount)) \(currency)" }
}
