import FoundationEssentials
import FoundationInternationalization
import Notifiers
package import QuotaCore

extension Configuration {
  /// Decodes the text of a configuration file, and reads the files that it takes in.
  ///
  /// - Parameters:
  ///   - file: the file's name, for messages.
  ///   - directory: what relative paths are relative to.
  ///   - lints: whether to look for what is allowed but probably not meant.
  /// - Throws: everything that is wrong with the texts, a line each: `alerts.json:12:7: rules[0].percent: …`.
  package static func decode(
    _ text: [UInt8], file: String, directory: String, lints: Bool = true
  ) throws(ServiceError) -> Configuration {
    let issues = ConfigurationIssues(source: text, file: file)
    let first: JSONNode
    do throws(JSONSyntaxError) {
      first = try JSONParser.parse(text, keepingListsFrom: JSONList.long)
    } catch {
      issues.report("not JSON: \(error.message)", path: "", offset: error.offset)
      throw ServiceError(.configuration, lines: issues.lines)
    }
    issues.sources.name { first.path(to: $0) }
    let warnings = ConfigurationIssues(in: issues.sources)
    let files = ConfigurationFiles(first, file: file, directory: directory, issues: issues, warnings: warnings)
    let root = first.isObject ? files.parts.whole : first
    // Where a part could not be read, nobody knows what there is to refer to.
    let surroundings = ConfigurationSurroundings(
      names: names(in: root).filter { !files.unknowable.contains($0.key) }, directory: directory, timeZones: .system,
      readText: readText)
    let decoded = ConfigurationNode(composed: root, among: surroundings, issues: issues).decoded(as: shape)
    if let decoded {
      if decoded.organizations.isEmpty, issues.isEmpty {
        issues.report(
          "no organization is configured: none of these files has one", offset: first["include"]?.offset ?? 0)
      }
      if let node = root["notifiers"] { checkFallbacks(of: decoded.notifiers, in: node, issues) }
    }
    guard var configuration = consume decoded, issues.isEmpty else {
      throw ServiceError(.configuration, lines: issues.lines)
    }
    configuration.takePlans()
    configuration.directory = directory
    configuration.databasePath = configuration.databasePath.inside(directory)
    configuration.origins = files.origins
    if lints {
      ConfigurationWarnings.add(to: warnings, of: configuration, root)
      configuration.warnings = warnings.lines
    }
    try configuration.judge(files.exposures)
    return configuration
  }

  /// Fills the organizations' quotas up from their plans, which they only name in the texts. They are many: it is done where
  /// they are.
  private mutating func takePlans() {
    for index in organizations.indices {
      let plan = organizations[index].organization.plan.flatMap { plans[$0] }
      if let plan { organizations[index].organization.take(plan) }
    }
  }

  private static func readText(_ path: String, atMost limit: Int) -> Result<String, UnreadableText> {
    do throws(FileFailure) {
      let bytes = try LocalFile(opening: path, waiting: false).contents(atMost: limit)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return .failure(UnreadableText(problem: "is not UTF-8"))
      }
      return .success(text)
    } catch {
      return .failure(UnreadableText(problem: "cannot be read: \(error.message)"))
    }
  }
}

// MARK: - What parts of the file refer to

extension Configuration {
  /// What there is to refer to, also what is wrong otherwise; without the kinds of a part that is nothing of the sort.
  private static func names(in root: JSONNode) -> [Referable: Set<String>] {
    var names: [Referable: Set<String>] = [:]
    names[.plan] = memberNames(root["plans"])
    names[.notifier] = memberNames(root["notifiers"])
    for (list, kinds) in [("organizations", ["id": Referable.organization, "tags": .tag]), ("rules", ["id": .rule])] {
      guard let found = texts(of: kinds, in: root[list]) else { continue }
      names.merge(found) { $1 }
    }
    return names
  }

  private static func memberNames(_ node: JSONNode?) -> Set<String>? {
    guard let node else { return [] }
    guard case .object(let members) = node.value else { return nil }
    return Set(members.map(\.name))
  }

  /// The texts under some keys of a list's objects, alone or in lists; nil if it is no list.
  private static func texts(of kinds: [String: Referable], in node: JSONNode?) -> [Referable: Set<String>]? {
    var texts = Dictionary(uniqueKeysWithValues: kinds.values.map { ($0, Set<String>()) })
    guard let node else { return texts }
    guard case .array(let items) = node.value else { return nil }
    for item in items {
      guard case .object(let members) = item.value else { continue }
      for member in members {
        guard let kind = kinds[member.name] else { continue }
        switch member.node.value {
        case .string(let text): texts[kind]?.insert(text)
        case .array(let several): texts[kind]?.formUnion(several.lazy.compactMap(\.string))
        default: break
        }
      }
    }
    return texts
  }
}

extension ConfigurationIssues {
  /// Everything reported, a line each.
  var lines: [String] { sorted.map(\.line) }
}

extension TimeZoneDatabase {
  /// Those that the machine knows.
  package static let system = TimeZoneDatabase(
    find: { TimeZone(identifier: $0) }, names: { TimeZone.knownTimeZoneIdentifiers })
}
