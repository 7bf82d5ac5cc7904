extension String {
  /// Digits in groups of three: `12345` as `12,345`.
  fileprivate var grouped: String {
    var left = utf8.count
    var grouped = ""
    for digit in unicodeScalars {
      grouped.unicodeScalars.append(digit)
      left -= 1
      if left > 0, left.isMultiple(of: 3) { grouped.append(",") }
    }
    return grouped
  }
}

extension FixedWidthInteger {
  /// The number as people read it everywhere, whatever the machine's locale: `−12,345`.
  package var grouped: String { (self < 0 ? "−" : "") + String(magnitude).grouped }

  /// The number with what it counts: `1 message`, `1,200 messages`.
  package func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}

extension ExactDecimal {
  /// The number as people read it everywhere, with at least so many decimals: `−12,345.50`.
  package func grouped(minimumDecimals: Int = 0) -> String {
    let parts = absolute.text(minimumDecimals: minimumDecimals).split(separator: ".", maxSplits: 1)
    let fraction = parts.count == 2 ? ".\(parts[1])" : ""
    return (isNegative ? "−" : "") + String(parts.first ?? "0").grouped + fraction
  }
}
