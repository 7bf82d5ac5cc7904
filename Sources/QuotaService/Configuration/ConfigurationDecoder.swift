import FoundationEssentials
import FoundationInternationalization
import Notifiers
import QuotaCore

extension Configuration {
  /// Decodes the text of a configuration file.
  ///
  /// - Parameters:
  ///   - file: the file's name, for messages.
  ///   - directory: what relative paths are relative to.
  /// - Throws: everything that is wrong with the text, a line each: `alerts.json:12:7: rules[0].percent: …`.
  package static func decode(_ text: [UInt8], file: String, directory: String) throws(ServiceError) -> Configuration {
    let issues = ConfigurationIssues(source: text)
    let root: JSONNode
    do throws(JSONSyntaxError) {
      root = try JSONParser.parse(text)
    } catch {
      issues.report("not JSON: \(error.message)", path: "", offset: error.offset)
      throw ServiceError(.configuration, lines: issues.sorted.map { $0.line(in: file) })
    }
    let surroundings = ConfigurationSurroundings(
      names: names(in: root), directory: directory, timeZones: timeZones, readText: readText)
    let decoded = ConfigurationNode(root, among: surroundings, issues: issues).decoded(as: shape)
    if let decoded, let node = root["notifiers"] { checkFallbacks(of: decoded.notifiers, in: node, issues) }
    guard var configuration = decoded, issues.isEmpty else {
      throw ServiceError(.configuration, lines: issues.sorted.map { $0.line(in: file) })
    }
    configuration.directory = directory
    configuration.databasePath = configuration.databasePath.inside(directory)
    configuration.warnings = ConfigurationWarnings(of: configuration, root, source: text).lines(in: file)
    return configuration
  }

  private static let timeZones = TimeZoneDatabase(
    find: { TimeZone(identifier: $0) }, names: { TimeZone.knownTimeZoneIdentifiers })

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
    names[.organization] = values(of: "id", in: root["organizations"])
    names[.tag] = values(of: "tags", in: root["organizations"])
    names[.rule] = values(of: "id", in: root["rules"])
    return names
  }

  private static func memberNames(_ node: JSONNode?) -> Set<String>? {
    guard let node else { return [] }
    guard case .object(let members) = node.value else { return nil }
    return Set(members.map(\.name))
  }

  /// The texts under a key of a list's objects, alone or in lists.
  private static func values(of key: String, in node: JSONNode?) -> Set<String>? {
    guard let node else { return [] }
    guard case .array(let items) = node.value else { return nil }
    return items.reduce(into: []) { values, item in
      switch item[key]?.value {
      case .string(let text)?: values.insert(text)
      case .array(let texts)?: values.formUnion(texts.compactMap(\.string))
      default: break
      }
    }
  }
}

extension ConfigurationIssue {
  /// `alerts.json:12:7: rules[0].percent: what is wrong`, as compilers write it, without line breaks.
  func line(in file: String) -> String {
    let place = path.isEmpty ? "" : "\(path): "
    let text = "\(file):\(position.line):\(position.column): \(place)\(message)"
    guard text.hasControlCharacters else { return text }
    return text.unicodeScalars.reduce(into: "") { line, scalar in
      line += scalar.isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
  }
}
