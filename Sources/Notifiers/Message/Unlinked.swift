/// Text in which services find nothing by themselves: no link, mention, tag, command, picture, or number to call.
///
/// What these begin with gets a space without width behind it, which nobody sees. Formatting is another matter: each service's
/// markup has its own escaper on top of this.
enum Unlinked {
  static func text(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    let numbers = callable(scalars)
    var broken = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      broken.append(scalar)
      guard index + 1 < scalars.count, !scalars[index + 1].properties.isWhitespace else { continue }
      if numbers.contains(index) || begins(scalar, index > 0 ? scalars[index - 1] : " ", scalars[index + 1]) {
        broken.append(gap)
      }
    }
    return String(broken)
  }

  static let gap: Unicode.Scalar = "\u{200B}"

  /// Whether something that a service looks for may begin at a scalar, given its neighbours.
  private static func begins(_ scalar: Unicode.Scalar, _ before: Unicode.Scalar, _ next: Unicode.Scalar) -> Bool {
    switch scalar {
    // A mention, a tag, a price or a stock, a channel.
    case "@", "#", "$", "~", "＠", "＃", "＄": true
    // A scheme, or the name of a picture; a time of day is neither.
    case ":": !(before.isDigit && next.isDigit)
    // A face.
    case ";": !next.isWord
    // A command; an id with slashes can still be copied.
    case "/": next.isWord && !before.isWord && before != "%"
    // A host's name, or its address.
    case ".", "。", "．", "｡": next.properties.isAlphabetic || before.properties.isAlphabetic && next.isDigit
    default: false
    }
  }

  /// The places of what may be a card's or a telephone's number, many digits with single signs between, or a host's address.
  /// Dates are left as they are, and so are thousands between commas.
  private static func callable(_ scalars: [Unicode.Scalar]) -> Set<Int> {
    var found: Set<Int> = []
    var run: Range<Int>?
    for (index, scalar) in (scalars + ["\n"]).enumerated() {
      if let known = run, scalar.isDigit || " -/.()".unicodeScalars.contains(scalar) {
        run = known.lowerBound..<(index + 1)
        continue
      }
      if let run, isCallable(scalars[run]) { found.formUnion(run) }
      run = scalar.isDigit || scalar == "+" || scalar == "(" ? index..<(index + 1) : nil
    }
    return found
  }

  private static func isCallable(_ run: ArraySlice<Unicode.Scalar>) -> Bool {
    let digits = run.count(where: \.isDigit)
    let groups = String(String.UnicodeScalarView(run)).split { !$0.isNumber }
    let isDate = groups.map(\.count).starts(with: [4, 2]) && ["19", "20"].contains(groups[0].prefix(2))
    let isAddress = run.count(where: { $0 == "." }) == 3 && groups.map(\.count).allSatisfy({ $0 <= 3 })
    // Without any sign it may be a count, which is shorter than most telephones' numbers.
    return digits >= (groups.count > 1 || run.first == "+" ? 7 : 10) && !isDate || isAddress
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { properties.numericType == .decimal }
  fileprivate var isWord: Bool { properties.isAlphabetic || isDigit || self == "_" }
}
