/// Text that means itself in Markdown, as chat services read it that know backslashes.
enum Markdown {
  /// A text in which nothing is formatted: punctuation gets a backslash; see also ``Unlinked``.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    let scalars = Array(Unlinked.text(text).unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "-", "!", "|", "~", ">": escaped += "\\"
      // A list with numbers.
      case "."
      where scalars[..<index].last?.properties.numericType != nil && scalars[(index + 1)...].first ?? " " == " ":
        escaped += "\\"
      // A line of them makes a heading of the line above.
      case "=" where index == 0: escaped.unicodeScalars.append(Unlinked.gap)
      default: break
      }
      escaped.unicodeScalars.append(scalar)
      // A character by its name, or an address in angle brackets.
      if "&<".unicodeScalars.contains(scalar), scalars[(index + 1)...].first ?? " " != " " {
        escaped.unicodeScalars.append(Unlinked.gap)
      }
    }
    return escaped
  }

  /// A link to an address that holds no spaces.
  static func link(_ label: String, _ address: String) -> String {
    "[\(label)](\(Self.address(address)))"
  }

  /// An address that holds no spaces as it can stand in a link; a figure or a time is left as it is.
  static func address(_ text: String) -> String { text.replacing("(", with: "%28").replacing(")", with: "%29") }
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
