import FoundationEssentials
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
    let decoder = ConfigurationDecoder(source: text, directory: directory)
    let decoded = decoder.configuration(from: text)
    guard var configuration = decoded, decoder.issues.isEmpty else {
      throw ServiceError(.configuration, lines: decoder.issues.sorted.map { $0.line(in: file) })
    }
    configuration.warnings = decoder.warnings.sorted.map { $0.line(in: file) }
    return configuration
  }
}

/// Turns a configuration's JSON into values, and gathers what is wrong with it.
///
/// A value that cannot be read is reported and stands in as its default, so that reading goes on; the result is good
/// only if ``issues`` is empty afterwards.
struct ConfigurationDecoder {
  let issues: ConfigurationIssues
  let warnings: ConfigurationIssues
  let directory: String

  init(source: [UInt8], directory: String) {
    issues = ConfigurationIssues(source: source)
    warnings = ConfigurationIssues(source: source)
    self.directory = directory
  }

  func configuration(from text: [UInt8]) -> Configuration? {
    do throws(JSONSyntaxError) {
      return configuration(from: try JSONParser.parse(text))
    } catch {
      issues.report("not JSON: \(error.message)", path: "", offset: error.offset)
      return nil
    }
  }

  private func configuration(from root: JSONNode) -> Configuration? {
    ConfigurationNode(root, issues: issues).object { object in
      _ = object.optional("$schema")?.string()
      let database =
        object.optional("database")?.path(in: directory) ?? Configuration.defaultDatabase.inside(directory)
      let api = object.optional("api").flatMap { APIConfiguration(from: $0, in: directory) }
      let zone = object.optional("billing_time_zone")?.timeZone()
      let plans = object.optional("plans").map(plans)
      let names = Names(
        plans: object.optional("plans").map(memberNames) ?? [],
        notifiers: object.optional("notifiers").map(memberNames) ?? [],
        organizations: object.optional("organizations").map { values(of: "id", in: $0) } ?? [],
        rules: object.optional("rules").map { values(of: "id", in: $0) } ?? [],
        tags: object.optional("organizations").map { values(of: "tags", in: $0) } ?? [])
      let notifiers = object.optional("notifiers").map { self.notifiers($0, names) }
      let organizations = object.required("organizations").flatMap {
        self.organizations($0, names, plans: plans ?? [:])
      }
      let rules = object.optional("rules").map { self.rules($0, names) }
      let routes = object.optional("routes").map { self.routes($0, names) }
      let defaults = object.optional("default_notify")?.references(to: names.notifiers, of: "notifier")
      let breaker = object.optional("breaker").flatMap { self.breaker($0, names) }
      let heartbeat = object.optional("heartbeat")?.secretReference()
      let retention = object.optional("retention").flatMap(retention)
      let ledger = object.optional("ledger").flatMap { LedgerSettings(from: $0) }
      let reconciliation = object.optional("reconciliation").flatMap {
        ReconciliationSettings(from: $0, plans: names.plans)
      }
      if let notifiers, let node = root["notifiers"] { checkFallbacks(of: notifiers, organizations ?? [], in: node) }
      let configuration = Configuration(
        databasePath: database, api: api ?? APIConfiguration(), billingTimeZone: zone?.zone ?? .gmt,
        billingTimeZoneName: zone?.name ?? "UTC", plans: plans ?? [:], organizations: organizations ?? [],
        rules: rules ?? [], routes: routes ?? [], defaultNotify: (defaults ?? []).map { NotifierID($0) },
        breaker: breaker ?? Breaker(), heartbeat: heartbeat.map { WebEndpoint(url: .secret($0)) },
        notifiers: notifiers ?? [], retention: retention ?? Retention(),
        ledger: ledger ?? LedgerSettings(), reconciliation: reconciliation ?? ReconciliationSettings(),
        directory: directory)
      if issues.isEmpty { warn(of: configuration, root) }
      return configuration
    }
  }

  /// What other parts of the file may refer to; nil for a part that is not an object at all.
  struct Names {
    let plans: Set<String>?
    let notifiers: Set<String>?
    let organizations: Set<String>?
    let rules: Set<String>?
    let tags: Set<String>?
  }

  /// The names of an object's members, also of those that are wrong otherwise.
  private func memberNames(_ node: ConfigurationNode) -> Set<String>? {
    guard case .object(let members) = node.json.value else { return nil }
    return Set(members.map(\.name))
  }

  /// The texts under a key of a list's objects, alone or in lists, also of those objects that are wrong otherwise.
  private func values(of key: String, in node: ConfigurationNode) -> Set<String>? {
    guard case .array(let items) = node.json.value else { return nil }
    return items.reduce(into: []) { values, item in
      switch item[key]?.value {
      case .string(let text)?: values.insert(text)
      case .array(let texts)?: values.formUnion(texts.compactMap(\.string))
      default: break
      }
    }
  }

  /// The members of an object whose names are identifiers; other names are reported.
  func identified(_ node: ConfigurationNode) -> [(name: String, node: ConfigurationNode)] {
    guard case .object(let members) = node.json.value else { return node.members() ?? [] }
    for member in members where !Identifier.isValid(member.name) {
      let name = JSONNode(.string(member.name), offset: member.nameOffset)
      _ = ConfigurationNode(name, path: node.path, issues: issues).identifier()
    }
    return (node.members() ?? []).filter { Identifier.isValid($0.name) }
  }

  private func notifiers(_ node: ConfigurationNode, _ names: Names) -> [ConfiguredNotifier] {
    identified(node).compactMap { name, node in
      // The notifier decodes itself; whom it belongs to is looked at here because that concerns another part.
      if case .object = node.json.value {
        for (name, value) in node.members() ?? [] {
          if name == "organization" { value.checkReference(to: names.organizations, of: "organization") }
          if name == "fallback_notify" { value.checkReferences(to: names.notifiers, of: "notifier") }
        }
      }
      return NotifierConfiguration(
        from: node, timeZone: { $0.timeZone()?.zone }, templateFile: { $0.templateFile(in: directory) }
      ).map {
        ConfiguredNotifier(id: NotifierID(name), configuration: $0.resolvingPaths(in: directory))
      }
    }
  }

  private func rules(_ node: ConfigurationNode, _ names: Names) -> [Rule] {
    let items = node.array() ?? []
    var ids = UniqueIDs(of: "rule")
    return items.compactMap { item in
      // The rule decodes itself; its id and references are looked at here because they concern other parts.
      if case .object = item.json.value, let members = item.members() {
        for (name, value) in members {
          if name == "id", let id = value.json.string { ids.check(id, at: value, in: item) }
          if name == "notify" { value.checkReferences(to: names.notifiers, of: "notifier") }
          if name == "applies_to" || name == "except" { checkSelector(value, names) }
        }
      }
      return Rule(from: item)
    }
  }

  private func retention(_ node: ConfigurationNode) -> Retention? {
    node.object { object in
      object.optional("thin_after_days")?.integer(in: 1...3_650).map { Retention(thinAfterDays: Int($0)) }
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
