/// Bytes as `%` and two hexadecimal digits, as in addresses and forms.
package enum PercentEncoding {
  /// A text with those bytes put in that stand in it as `%` and two digits.
  package static func decoded(_ text: String, _ isEncoded: (UInt8) -> Bool = { _ in true }) -> String {
    var rest = Array(text.utf8)[...]
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let code = UInt8(digits, radix: 16), isEncoded(code) {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
