package import QuotaCore

extension Mailbox {
  /// Parses `finance@example.com`, `Finance <finance@example.com>` or `"Finance, Inc." <finance@example.com>`.
  ///
  /// An address is ASCII: a dot-atom of RFC 5322, `@`, and a host name. Control characters are refused everywhere,
  /// since a line break would become another header or another SMTP command.
  package init?(_ text: String) {
    guard text.unicodeScalars.allSatisfy({ !Self.breaksLines($0) }) else { return nil }
    guard text.hasSuffix(">") else {
      guard Self.isAddress(text) else { return nil }
      self.init(address: text)
      return
    }
    guard let opening = text.lastIndex(of: "<") else { return nil }
    let address = String(text[text.index(after: opening)...].dropLast())
    guard Self.isAddress(address), let name = Self.name(text[..<opening]) else { return nil }
    self.init(name: name.isEmpty ? nil : name, address: address)
  }

  private static func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: scalar.properties.isBidiControl
    }
  }

  /// The name without the space around it and without its quotes.
  private static func name(_ text: some StringProtocol) -> String? {
    var name = String(text)
    while name.last == " " { name.removeLast() }
    while name.first == " " { name.removeFirst() }
    if name.count >= 2, name.first == "\"", name.last == "\"" { name = String(name.dropFirst().dropLast()) }
    return name.contains(where: { "\"<>\\".contains($0) }) ? nil : name
  }

  private static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 254, parts[0].utf8.count <= 64, DotAtom.isValid(parts[0]) else {
      return false
    }
    return parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0.isAlphanumeric }
    }
  }
}

/// The `dot-atom` of RFC 5322: what may stand before the `@` of an address or of a Message-ID.
enum DotAtom {
  private static func isAtomic(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }

  static func isValid(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && $0.utf8.allSatisfy(isAtomic)
      }
  }

  /// Any text as a dot-atom, different texts differently: what is not allowed, and `=`, becomes `=` and two
  /// hexadecimal digits for each byte.
  static func encoding(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var encoded = ""
    for (index, byte) in bytes.enumerated() {
      let isInnerDot =
        byte == UInt8(ascii: ".") && index > 0 && index < bytes.count - 1 && bytes[index - 1] != UInt8(ascii: ".")
      if isInnerDot || (isAtomic(byte) && byte != UInt8(ascii: "=")) {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        encoded += "=" + byte.hexadecimal(digits: 2, uppercase: true)
      }
    }
    return encoded
  }
}
