import FoundationEssentials
import Glibc
import QuotaCore

/// A table of organizations that a configuration begins with, and what follows from it.
package struct StartingTable {
  /// The setting `organizations_file`.
  let setting: JSONLiteral
  package let organizationCount: Int
  /// The plans and notifiers that it names, each once, in the order of their bytes.
  let plans: [String]
  let notifiers: [String]
  /// What somebody may have a quota of.
  let metricsWithQuota: Set<Metric>
  /// Whether keys are looked for in `keys/ID`, since not each row says where its key is.
  package let needsKeyFiles: Bool

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - path: the CSV file.
  ///   - columns: what columns are called that have other names than usual, as `id=Number`.
  ///   - configuration: the file that will name it.
  /// - Throws: everything that is wrong with it, a line each.
  package init(_ path: String, columns: [String] = [], for configuration: String) throws(ServiceError) {
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try LocalFile(opening: path, waiting: true).contents(atMost: ConfigurationFiles.largest)
    } catch {
      throw ServiceError(.inputOutput, "cannot read \(path): \(error.message)")
    }
    var members: [JSONLiteral.Member] = [
      .init("path", .text(Self.path(path, from: configuration.parentDirectory))),
      .init("api_key", ["file": "keys/{id}"]),
    ]
    if !columns.isEmpty { members.append(.init("columns", try Self.names(columns))) }
    if String(validating: bytes, as: UTF8.self) == nil, ![0xFF, 0xFE].contains(bytes.first) {
      members.append(.init("encoding", .text(TextEncoding.windows1252.rawValue)))
    }
    let rows = try Self.rows(of: bytes, path, .object(members))
    // Values of the setting stand before those of the table.
    let needsKeyFiles = rows.contains { ($0["api_key"]?.offset ?? 0) < ($0["id"]?.offset ?? 0) }
    self.needsKeyFiles = needsKeyFiles
    setting = .object(members.filter { $0.name != "api_key" || needsKeyFiles })
    organizationCount = rows.count
    plans = Set(rows.compactMap { $0["plan"]?.string }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    notifiers = Set(rows.flatMap { $0["notify"]?.strings ?? [] }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let own = Metric.allCases.filter { metric in rows.contains { $0["quota"]?[metric.rawValue] != nil } }
    metricsWithQuota = plans.isEmpty ? Set(own) : Set(Metric.allCases)
  }

  /// The rows as objects of a configuration.
  private static func rows(
    of bytes: [UInt8], _ path: String, _ setting: JSONLiteral
  ) throws(ServiceError) -> JSONList {
    let issues = ConfigurationIssues(source: Array(setting.line.utf8), file: "--column")
    let file: OrganizationsFile?
    do throws(JSONSyntaxError) {
      file = ConfigurationNode(try JSONParser.parse(Array(setting.line.utf8)), issues: issues)
        .decoded(as: OrganizationsFile.shape)
    } catch {
      file = nil
    }
    let table = file.flatMap {
      OrganizationTable.read(
        bytes, as: $0, name: path, directory: ".", issues: issues, warnings: ConfigurationIssues(in: issues.sources))
    }
    guard let table, issues.isEmpty, case .array(let rows) = table.value else {
      throw ServiceError(.configuration, lines: issues.lines)
    }
    return rows
  }

  private static func names(_ columns: [String]) throws(ServiceError) -> JSONLiteral {
    var members: [JSONLiteral.Member] = []
    for column in columns {
      let words = column.split(separator: "=", maxSplits: 1).map(String.init)
      guard words.count == 2, OrganizationColumn(rawValue: words[0]) != nil else {
        let known = OrganizationColumn.allCases.map(\.rawValue)
        throw ServiceError(
          .usage,
          "--column expects COLUMN=HEADING, such as id=Number; \"\(words.first ?? "")\" is not one"
            + suggestion(for: words.first ?? "", among: known))
      }
      members.append(.init(words[0], .text(words[1])))
    }
    return .object(members)
  }

  /// A path as it is to be written in a file of a directory.
  private static func path(_ path: String, from directory: String) -> String {
    guard !path.hasPrefix("/"), directory != "." else { return path }
    guard let folder = realpath(directory, nil), let file = realpath(path, nil) else { return path }
    defer {
      free(folder)
      free(file)
    }
    let (inside, whole) = (String(cString: folder) + "/", String(cString: file))
    return whole.hasPrefix(inside) ? String(whole.dropFirst(inside.count)) : whole
  }
}

extension JSONNode {
  fileprivate var strings: [String] {
    if case .array(let items) = value { items.compactMap(\.string) } else { [] }
  }
}
