/// A character that nobody sees, or that looks like a space and is none: it gets into a text unnoticed, by copying.
package struct InvisibleCharacter {
  let scalar: Unicode.Scalar
  /// Which of the text's characters it is, from 1.
  let place: Int

  /// The first beyond ASCII that is out of place in a text for people: spaces may stand between words, and joiners make one
  /// picture or letter of several.
  package init?(outOfPlaceIn text: String) {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return nil }
    let joiners: Set<Unicode.Scalar> = ["\u{200C}", "\u{200D}", "\u{FE0E}", "\u{FE0F}"]
    let last = text.unicodeScalars.count - 1
    self.init(firstOf: text) { index, scalar in
      let isBetweenWords = scalar.properties.generalCategory == .spaceSeparator && (1..<last).contains(index)
      return scalar.value > 0x7F && !isBetweenWords && !joiners.contains(scalar)
    }
  }

  /// The first of a secret, which is neither a language nor a picture.
  package init?(inSecret text: String) {
    self.init(firstOf: text) { _, _ in true }
  }

  private init?(firstOf text: String, where isWanted: (Int, Unicode.Scalar) -> Bool) {
    for (index, scalar) in text.unicodeScalars.enumerated() where Self.isInvisible(scalar) && isWanted(index, scalar) {
      (self.scalar, place) = (scalar, index + 1)
      return
    }
    return nil
  }

  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value > 0x7E else { return scalar.value < 0x20 || scalar.value == 0x7F }
    let properties = scalar.properties
    return properties.isWhitespace || properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint
      || [.control, .format].contains(properties.generalCategory)
  }

  /// `U+00A0 (no-break space)`.
  static func name(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    // A byte order mark has kept its name of old.
    let name = scalar == "\u{FEFF}" ? "byte order mark" : scalar.properties.name?.lowercased()
    return code + (name.map { " (\($0))" } ?? "")
  }

  /// `character 5 is U+00A0 (no-break space), which nobody sees`.
  package var words: String { "character \(place) is \(Self.name(scalar)), which nobody sees" }
}

extension String {
  /// With what nobody sees beyond ASCII written out, as in `a‹U+200B›b`.
  package var withoutInvisible: String {
    guard utf8.contains(where: { $0 >= 0x80 }) else { return self }
    var text = UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.value > 0x7F, InvisibleCharacter.isInvisible(scalar) {
        text.append(contentsOf: "‹\(InvisibleCharacter.name(scalar).prefix { $0 != " " })›".unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}
