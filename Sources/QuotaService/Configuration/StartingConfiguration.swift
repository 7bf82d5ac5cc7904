import FoundationEssentials
import Glibc
import QuotaCore

/// What `quotawatch init` writes: a configuration to fill in, with the usual rules and one channel.
package struct StartingConfiguration {
  /// The vendor's address, from `DOCUTRAY_BASE_URL` where it is set.
  private let address: String
  private let table: StartingTable?

  /// - Parameter table: whose organizations it is for; nil for the one whose key is in `DOCUTRAY_API_KEY`, with the id that is
  ///   used without a file, so that what was collected before goes on.
  /// - Throws: that the address in the environment is no address.
  package init(environment: [String: String] = [:], table: StartingTable? = nil) throws(ServiceError) {
    self.table = table
    address = try APIConfiguration.address(in: environment) ?? APIConfiguration.vendor
  }

  package var text: String {
    """
    {
      "$schema": "\(Self.schemaName)",
      "database": "\(Configuration.defaultDatabase)",
      "billing_time_zone": "UTC",
      "api": { "base_url": \(JSONLiteral.text(address).line), "max_concurrent_requests": 8, "requests_per_second": 20 },
    \(members(plans, organizations, rules, notifiers))
    }

    """
  }

  private func members(_ members: String...) -> String { members.joined(separator: ",\n") }

  private var plans: String {
    let names = table?.plans ?? ["standard"]
    let lines = names.map { name in
      "    \(JSONLiteral.text(name).line): { \"quota\": { \"pages\": 10000, \"conversions\": 2000 } }"
    }
    return Self.block("plans", "{", lines, "}")
  }

  private var organizations: String {
    if let table { return "  \"organizations_file\": \(table.setting.line)" }
    let organization =
      "    { \"id\": \"\(ConfigurationSearch.onlyOrganization)\", \"name\": \"My organization\", \"api_key\": { \"env\": \"DOCUTRAY_API_KEY\" }, \"plan\": \"standard\" }"
    return Self.block("organizations", "[", [organization], "]")
  }

  private var rules: String {
    let percent: [Metric: String] = [.pages: "[50, 80, 100]", .conversions: "[80, 100]"]
    let quotas = Metric.allCases.filter { table?.metricsWithQuota.contains($0) ?? true }.map { metric in
      "    { \"id\": \"\(metric)-quota\", \"type\": \"threshold\", \"metric\": \"\(metric)\", \"percent\": \(percent[metric] ?? "[80, 100]"), \"notify\": [\"ops-slack\"] }"
    }
    return Self.block(
      "rules", "[",
      quotas + [
        "    { \"id\": \"silent\", \"type\": \"stale\", \"after\": \"6h\", \"notify\": [\"ops-slack\"] }",
        "    { \"id\": \"dead-key\", \"type\": \"credential\", \"severity\": \"critical\", \"notify\": [\"ops-slack\"] }",
      ], "]")
  }

  private var notifiers: String {
    let others = (table?.notifiers ?? []).filter { $0 != "ops-slack" }
    let named = [("ops-slack", "SLACK_WEBHOOK_URL")] + others.map { ($0, "SLACK_WEBHOOK_URL_\($0.asVariable)") }
    let lines = named.map { name, variable in
      "    \(JSONLiteral.text(name).line): { \"type\": \"slack\", \"url\": { \"env\": \"\(variable)\" } }"
    }
    return Self.block("notifiers", "{", lines, "}")
  }

  private static func block(_ name: String, _ opening: String, _ lines: [String], _ closing: String) -> String {
    guard !lines.isEmpty else { return "  \"\(name)\": \(opening)\(closing)" }
    return "  \"\(name)\": \(opening)\n\(lines.joined(separator: ",\n"))\n  \(closing)"
  }
}

// MARK: - Writing

extension StartingConfiguration {
  /// The schema's name beside the configuration.
  package static let schemaName = "alerts.schema.json"

  /// Writes the configuration, readable by its owner only, and the schema beside it.
  ///
  /// The configuration appears whole or not at all, and never replaces a file. A schema that is there, of an earlier
  /// version, is replaced.
  package func write(to path: String) throws(ServiceError) {
    var existing = stat()
    guard lstat(path, &existing) != 0 else { throw Self.alreadyThere(path) }
    // What is wrong with a table is told before there is a configuration that nobody can use.
    if table != nil { _ = try Configuration.decode(Array(text.utf8), file: path, directory: path.parentDirectory) }
    let schemaPath = Self.schemaName.inside(path.parentDirectory)
    do throws(FileFailure) {
      try NewFile.write(
        Array("\(Configuration.schema.indented())\n".utf8), to: schemaPath, mode: 0o644, replacing: true)
    } catch {
      throw ServiceError(.inputOutput, "cannot write \(schemaPath): \(error.message)")
    }
    do throws(FileFailure) {
      try NewFile.write(Array(text.utf8), to: path, mode: 0o600, replacing: false)
    } catch {
      if error.number == EEXIST { throw Self.alreadyThere(path) }
      throw ServiceError(.inputOutput, "cannot write \(path): \(error.message)")
    }
  }

  private static func alreadyThere(_ path: String) -> ServiceError {
    ServiceError(.inputOutput, "\(path) is there already and stays as it is; remove it first, or name another file")
  }
}
