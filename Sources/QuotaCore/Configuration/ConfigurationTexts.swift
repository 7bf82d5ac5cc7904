extension ConfigurationNode {
  /// Text without control characters, at most so many Unicode scalars long.
  package func line(atMost limit: Int = .max) -> String? {
    guard let text = string() else { return nil }
    guard !text.hasControlCharacters else {
      report("must not hold line breaks or other control characters")
      return nil
    }
    guard text.unicodeScalars.count <= limit else {
      report("must not be longer than \(limit) characters")
      return nil
    }
    return text
  }

  /// A path from the directory of the text in which this stands.
  package func path(_ text: String) -> String { text.inside(directory).inside(surroundings.directory) }

  /// A zone of the IANA database by region and city, or `UTC`.
  func timeZone() -> NamedTimeZone? {
    guard let name = string() else { return nil }
    do throws(UnknownTimeZone) {
      return try surroundings.timeZones.zone(named: name)
    } catch {
      report(error.problem)
      return nil
    }
  }
}

extension TimeZoneDatabase {
  /// A zone by region and city, or `UTC`.
  ///
  /// Abbreviations are refused: they mean different zones to different people.
  package func zone(named name: String) throws(UnknownTimeZone) -> NamedTimeZone {
    if name == "UTC" || name.contains("/"), let zone = find(name) { return NamedTimeZone(name: name, zone: zone) }
    // Only names that are taken are proposed.
    let isUTC = ["GMT", "Z", "ZULU", "UCT", "GREENWICH"].contains(name.uppercased())
    let nearest = isUTC ? "UTC" : nearestWord(to: name, among: names().filter { $0.contains("/") } + ["UTC"])
    let isAbbreviation = !name.contains("/") && find(name) != nil
    let problem = isAbbreviation ? "is an abbreviation, not a region and city" : "is no time zone"
    throw UnknownTimeZone(
      problem: "\"\(name)\" \(problem) of the IANA database"
        + (nearest.map { "; did you mean \"\($0)\"?" } ?? "; use \"UTC\" or a name such as \"Europe/Berlin\""))
  }
}

extension String {
  /// Whether a line break, a NUL or another control character is in it.
  package var hasControlCharacters: Bool { unicodeScalars.contains(where: \.isControl) }

  /// This path in a directory, unless it is absolute.
  package func inside(_ directory: String) -> String {
    if hasPrefix("/") || directory == "." { return self }
    return directory.hasSuffix("/") ? directory + self : "\(directory)/\(self)"
  }
}

extension Unicode.Scalar {
  /// Whether this is of Unicode's category Cc, which is fixed.
  package var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
