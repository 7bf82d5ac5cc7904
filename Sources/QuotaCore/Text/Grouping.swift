extension String {
  /// Digits in groups of three: `12345` as `12,345`.
  fileprivate var grouped: String {
    let count = utf8.count
    return String(unsafeUninitializedCapacity: count + count / 3) { bytes in
      var end = 0
      for (index, digit) in utf8.enumerated() {
        if index > 0, (count - index).isMultiple(of: 3) {
          bytes[end] = UInt8(ascii: ",")
          end += 1
        }
        bytes[end] = digit
        end += 1
      }
      return end
    }
  }
}

extension FixedWidthInteger {
  /// The number as people read it everywhere, whatever the machine's locale: `−12,345`.
  package var grouped: String { (self < 0 ? "−" : "") + String(magnitude).grouped }

  /// The number with what it counts: `1 message`, `1,200 messages`.
  package func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }

  /// The number with what it counts: `1 page`, `1,200 pages`.
  package func counted(_ metric: Metric) -> String { counted(metric.noun) }
}

extension ExactDecimal {
  /// The number as people read it everywhere, with at least so many decimals: `−12,345.50`.
  package func grouped(minimumDecimals: Int = 0) -> String {
    let text = absolute.text(minimumDecimals: minimumDecimals)
    let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) ?? text.endIndex
    return (isNegative ? "−" : "") + String(text[..<point]).grouped + text[point...]
  }

  /// The number with what it counts: `1 page`, `1,200.5 pages`.
  package func counted(_ metric: Metric) -> String {
    "\(grouped()) \(self == ExactDecimal(1) ? metric.noun : metric.rawValue)"
  }
}
