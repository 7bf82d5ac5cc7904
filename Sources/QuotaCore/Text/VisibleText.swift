extension String {
  /// The text fit for a terminal, a log or a table: every character that could steer or deceive who reads it is `�`.
  ///
  /// - Parameter keptControls: control characters that have their meaning there.
  package func visible(keeping keptControls: Set<Unicode.Scalar> = []) -> String {
    guard utf8.withContiguousStorageIfAvailable({ $0.isPrintableASCII }) != true else { return self }
    var visible = UnicodeScalarView()
    for scalar in unicodeScalars {
      visible.append(scalar.isDeceptive && !keptControls.contains(scalar) ? "\u{FFFD}" : scalar)
    }
    return String(visible)
  }
}

extension Unicode.Scalar {
  /// Whether this steers a terminal or changes the order of what stands around it: a control character, a mark of
  /// direction, a separator of lines or paragraphs, a byte order mark, or none at all.
  package var isDeceptive: Bool {
    isControl
      || value > 0x7F
        && (properties.isBidiControl || properties.isNoncharacterCodePoint || value == 0x2028 || value == 0x2029
          || value == 0xFEFF)
  }

  /// This as an escape of JSON.
  package var jsonEscape: String {
    String(self).utf16.map { "\\u" + $0.hexadecimal(digits: 4) }.joined()
  }
}
