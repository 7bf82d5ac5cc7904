extension Currency {
  /// Whether a text is this currency's code or a sign of it; several currencies share some signs.
  package func isWritten(_ text: String) -> Bool {
    text.uppercased() == code || Self.signs[text]?.contains(code) ?? false
  }

  /// Whether a text is the code or a sign of any currency.
  static func isAnyWritten(_ text: String) -> Bool {
    signs[text] != nil || Currency(text.uppercased()) != nil
  }

  private static let signs: [String: Set<String>] = [
    "€": ["EUR"], "£": ["GBP", "EGP", "FKP", "GIP", "SHP"], "¥": ["JPY", "CNY"], "￥": ["JPY", "CNY"], "₹": ["INR"],
    "$": [
      "USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS", "UYU", "DOP", "BSD", "BBD", "BZD",
      "BMD", "BND", "FJD", "GYD", "JMD", "KYD", "LRD", "NAD", "SBD", "SRD", "TTD", "XCD",
    ],
    "US$": ["USD"], "A$": ["AUD"], "AU$": ["AUD"], "C$": ["CAD"], "CA$": ["CAD"], "NZ$": ["NZD"], "S$": ["SGD"],
    "HK$": ["HKD"], "NT$": ["TWD"], "MX$": ["MXN"], "R$": ["BRL"], "Fr.": ["CHF"], "SFr.": ["CHF"],
    "kr": ["SEK", "NOK", "DKK", "ISK"], "kr.": ["SEK", "NOK", "DKK", "ISK"], "zł": ["PLN"], "Kč": ["CZK"],
    "Ft": ["HUF"], "lei": ["RON"], "₽": ["RUB"], "₴": ["UAH"], "₩": ["KRW"], "₺": ["TRY"], "₪": ["ILS"],
    "฿": ["THB"], "₫": ["VND"], "₱": ["PHP"], "₦": ["NGN"], "R": ["ZAR"], "S/": ["PEN"], "S/.": ["PEN"],
    "Rs": ["INR", "PKR", "LKR", "NPR", "MUR"], "Rs.": ["INR", "PKR", "LKR", "NPR", "MUR"], "Rp": ["IDR"], "RM": ["MYR"],
    "лв": ["BGN"], "лв.": ["BGN"],
  ]
}
