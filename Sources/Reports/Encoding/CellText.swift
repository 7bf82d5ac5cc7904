extension String {
  /// How many UTF-16 units Excel takes in a cell, of a workbook as of a CSV file.
  static let longestCell = 32_767

  /// The text as far as so many UTF-16 units go: what is longer is cut and ends in `…`.
  func fittingCell(_ limit: Int = longestCell) -> String {
    // Every UTF-16 unit stands for at least one byte.
    guard utf8.count > limit, utf16.count > limit else { return self }
    var units = 0
    let kept = unicodeScalars.prefix { scalar in
      units += UTF16.width(scalar)
      return units < limit
    }
    return String(String.UnicodeScalarView(kept)) + "…"
  }
}
