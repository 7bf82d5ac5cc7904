/// Texts that another side chose: what a server answered, what somebody called an organization.
package enum ForeignText {
  /// The text on one line and cut, fit for a terminal, a log or a message: control characters and characters that
  /// reverse the direction of writing are removed, line breaks become spaces, and secrets become `‹secret›`.
  ///
  /// - Parameters:
  ///   - limit: the greatest length in Unicode scalars, the mark `…` of a cut included.
  ///   - secrets: what the other side may have repeated; also found in other cases, in base64, escaped and decoded, and where
  ///     control characters were strewn into it.
  package static func line(_ text: String, limit: Int = 200, hiding secrets: [Secret] = []) -> String {
    let hidden = secrets.flatMap { HiddenForms.readings(of: $0.reveal()) }.map { String(cleaned($0)) }
      .filter { !$0.isEmpty }
    guard !hidden.isEmpty else { return clipped(String(cleaned(text)), to: limit) }
    // By scalars: by characters, a combining mark behind a secret would keep it from being found.
    let line = HiddenForms(of: hidden).hidden(in: Array(cleaned(text)))
    return clipped(String(String.UnicodeScalarView(line)), to: limit)
  }

  private static func cleaned(_ text: String) -> String.UnicodeScalarView {
    var scalars = String.UnicodeScalarView()
    var hasGap = false
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        hasGap = true
      } else if !scalar.isDeceptive {
        if hasGap, !scalars.isEmpty { scalars.append(" ") }
        hasGap = false
        scalars.append(scalar)
      }
    }
    return scalars
  }

  /// The answer of a server on one line; bytes that are not UTF-8 become `�`.
  package static func line(_ bytes: [UInt8], limit: Int = 200, hiding secrets: [Secret] = []) -> String {
    line(String(decoding: bytes, as: UTF8.self), limit: limit, hiding: secrets)
  }

  /// The text's beginning, with `…` for what was cut.
  package static func clipped(_ text: String, to limit: Int) -> String {
    guard text.unicodeScalars.count > limit else { return text }
    return String(text.unicodeScalars.prefix(max(0, limit - 1))) + "…"
  }
}
