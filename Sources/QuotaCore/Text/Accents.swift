extension String {
  /// The text in small letters without accents, in whichever of Unicode's forms they are written: `Numéro` as `numero`.
  var withoutAccents: String {
    var bare = ""
    for scalar in lowercased().unicodeScalars where scalar.properties.generalCategory != .nonspacingMark {
      bare.unicodeScalars.append(scalar.isASCII ? scalar : scalar.letterWithoutAccent ?? scalar)
    }
    return bare
  }
}

extension Unicode.Scalar {
  /// The letter of which Unicode's name of this one speaks: `e` of "LATIN SMALL LETTER E WITH ACUTE".
  fileprivate var letterWithoutAccent: Unicode.Scalar? {
    let kind = "LATIN SMALL LETTER "
    guard let name = properties.name, name.hasPrefix(kind) else { return nil }
    let words = name.dropFirst(kind.count).split(separator: " ")
    guard words.count > 1, words[1] == "WITH", words[0].count == 1 else { return nil }
    return words[0].lowercased().unicodeScalars.first
  }
}
