import FoundationEssentials
import FoundationInternationalization
import QuotaCore

extension ConfigurationNode {
  /// Text without control characters, at most so many Unicode scalars long.
  func line(atMost limit: Int) -> String? {
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

  /// A path, taken as relative to a directory.
  func path(in directory: String) -> String? {
    line(atMost: 4_096)?.inside(directory)
  }

  /// A zone of the IANA database by region and city, or `UTC`.
  ///
  /// Abbreviations are refused: they mean different zones to different people.
  func timeZone() -> (name: String, zone: TimeZone)? {
    guard let name = string() else { return nil }
    guard name == "UTC" || name.contains("/"), let zone = TimeZone(identifier: name) else {
      let nearest = nearestWord(to: name, among: TimeZone.knownTimeZoneIdentifiers + ["UTC"])
      report(
        "\"\(name)\" is no time zone of the IANA database"
          + (nearest.map { "; did you mean \"\($0)\"?" } ?? "; use \"UTC\" or a name such as \"Europe/Berlin\""))
      return nil
    }
    return (name, zone)
  }
}

extension String {
  /// Whether a line break, a NUL or another control character is in it.
  var hasControlCharacters: Bool { unicodeScalars.contains(where: \.isControl) }

  /// This path in a directory, unless it is absolute.
  func inside(_ directory: String) -> String {
    if hasPrefix("/") || directory == "." { return self }
    return directory.hasSuffix("/") ? directory + self : "\(directory)/\(self)"
  }

  /// The directory that this file is in: `.` for a mere name.
  var parentDirectory: String {
    guard let slash = lastIndex(of: "/") else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }
}

extension Unicode.Scalar {
  /// Whether this is of Unicode's category Cc, which is fixed.
  var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
