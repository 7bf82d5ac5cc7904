extension [UInt8] {
  /// Appends a CSV cell of text: quoted where RFC 4180 wants it, and with a leading apostrophe where a spreadsheet would
  /// take it for a formula (it begins with `=`, `+`, `-`, `@`, TAB or CR). What is longer than Excel takes is cut.
  mutating func append(csv text: String, delimiter: UInt8) {
    // The apostrophe counts, too.
    var text = text.fittingCell(String.longestCell - 1)
    text.withUTF8 { append(csv: $0, delimiter) }
  }

  private mutating func append(csv text: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8) {
    let needsQuotes = text.contains { byte in
      byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    let apostrophe: [UInt8] = Self.beginsFormula(text) ? [UInt8(ascii: "'")] : []
    guard needsQuotes else {
      append(contentsOf: apostrophe)
      append(contentsOf: text)
      return
    }
    append(UInt8(ascii: "\""))
    append(contentsOf: apostrophe)
    for byte in text {
      if byte == UInt8(ascii: "\"") { append(byte) }
      append(byte)
    }
    append(UInt8(ascii: "\""))
  }

  private static func beginsFormula(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch text.first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"),
      UInt8(ascii: "\r"):
      true
    default: false
    }
  }

  /// Appends a JSON string (RFC 8259), with nothing escaped but what has to be.
  mutating func append(json text: String) {
    var text = text
    append(UInt8(ascii: "\""))
    text.withUTF8 { text in
      let isPlain = text.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      if isPlain {
        append(contentsOf: text)
      } else {
        for byte in text { append(escaped: byte) }
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func append(escaped byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      append(UInt8(ascii: "\\"))
      append(byte)
    case 0..<0x20:
      append(contentsOf: "\\u00".utf8)
      append(hexDigit: byte >> 4)
      append(hexDigit: byte & 0xF)
    default:
      append(byte)
    }
  }

  private mutating func append(hexDigit value: UInt8) {
    append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
  }
}
