import QuotaCore

/// Made once: a report has millions of cells.
private let controlsOfCells: Set<Unicode.Scalar> = ["\t", "\r", "\n"]

extension [UInt8] {
  /// Appends a CSV cell of text: quoted where RFC 4180 wants it, and with a leading apostrophe where a spreadsheet would
  /// take it for a formula (it begins with `=`, `+`, `-`, `@`, one of these in full width, TAB, CR or LF). What could steer a
  /// terminal is `�`, but for TAB and line breaks. What is longer than Excel takes is cut.
  mutating func append(csv text: String, delimiter: UInt8) {
    // The apostrophe counts, too.
    var text = text.fittingCell(String.longestCell - 1).visible(keeping: controlsOfCells)
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
      UInt8(ascii: "\r"), UInt8(ascii: "\n"):
      true
    // Spreadsheets of East Asia take signs in full width for the others.
    case 0xEF: ["＝", "＋", "－", "＠"].contains { text.starts(with: $0.utf8) }
    default: false
    }
  }

  /// Appends a JSON string (RFC 8259), with nothing escaped but what has to be and what could steer a terminal.
  mutating func append(json text: String) {
    append(UInt8(ascii: "\""))
    let isPlain = text.utf8.allSatisfy {
      (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain {
      append(contentsOf: text.utf8)
    } else {
      for scalar in text.unicodeScalars { append(json: scalar) }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func append(json scalar: Unicode.Scalar) {
    switch scalar {
    case "\"", "\\":
      append(UInt8(ascii: "\\"))
      append(UInt8(ascii: scalar))
    case _ where scalar.isDeceptive: append(contentsOf: scalar.jsonEscape.utf8)
    default: append(contentsOf: String(scalar).utf8)
    }
  }
}
