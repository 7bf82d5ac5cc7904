/// Text that means itself in Markdown, as chat services read it.
enum Markdown {
  /// A text in which nothing is formatted, mentioned, linked or turned into a picture.
  ///
  /// Punctuation gets a backslash. What services look for outside of Markdown, mentions and addresses, is broken by a
  /// space without width, which nobody sees.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let next = index + 1 < scalars.count ? scalars[index + 1] : " "
      switch scalar {
      case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "-", "!", "|", "~", ">":
        escaped += "\\"
        escaped.unicodeScalars.append(scalar)
      case "<", "@", ":", "&":
        guard next != " " else {
          escaped.unicodeScalars.append(scalar)
          continue
        }
        escaped.unicodeScalars.append(scalar)
        escaped += "\u{200B}"
      case ".":
        // `www.example.com` becomes a link without a scheme.
        escaped += escaped.hasSuffix("www") ? "\u{200B}." : "."
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// Text of a limited length.
enum Clipped {
  /// The longest beginning that fits when each scalar is written as `write` says, and `…` for what was cut.
  ///
  /// - Parameter length: how the service counts.
  static func text(
    _ text: String, to limit: Int, length: (String) -> Int, write: (String) -> String = { $0 }
  ) -> String {
    let whole = write(text)
    guard length(whole) > limit else { return whole }
    var (low, high) = (0, text.unicodeScalars.count)
    while low < high {
      let middle = (low + high + 1) / 2
      let fits = length(write(String(text.unicodeScalars.prefix(middle)))) + length("…") <= limit
      if fits { low = middle } else { high = middle - 1 }
    }
    return write(String(text.unicodeScalars.prefix(low))) + "…"
  }
}
