/// A format in which a report is written to a file.
package protocol FileFormat: RawRepresentable<String>, CaseIterable, Sendable {
  /// The endings of names of such files besides the format's own name.
  var otherEndings: [String] { get }
}

extension FileFormat {
  package var otherEndings: [String] { [] }

  /// The format that the ending of a file's name says, in capitals or not; nil for a name without one, and for an
  /// ending that stands for no format.
  ///
  /// - Throws: ``ForeignFormat`` where it stands for a format that the report does not have.
  package static func named(byFile name: String) throws(ForeignFormat) -> Self? {
    guard let dot = name.lastIndex(of: "."), !name[dot...].contains("/") else { return nil }
    let ending = name[name.index(after: dot)...].lowercased()
    if let format = allCases.first(where: { $0.rawValue == ending || $0.otherEndings.contains(ending) }) {
      return format
    }
    guard ForeignFormat.endings.contains(ending) else { return nil }
    throw ForeignFormat(ending: ending, known: allCases.map(\.rawValue))
  }
}

/// That a file's name stands for a format that a report does not have.
package struct ForeignFormat: Error, Hashable, Sendable {
  fileprivate let ending: String
  fileprivate let known: [String]

  package var message: String {
    "this report cannot be written as .\(ending); it can be \(known.joined(separator: ", "))"
  }

  /// Endings that nobody gives to a file in which something else is.
  fileprivate static let endings: Set<String> = [
    "csv", "doc", "docx", "fods", "gz", "htm", "html", "journal", "json", "jsonl", "md", "ndjson", "ods", "odt",
    "parquet",
    "pdf", "rtf", "sqlite", "tsv", "xls", "xlsb", "xlsm", "xlsx", "xml", "yaml", "yml", "zip", "zst",
  ]
}
