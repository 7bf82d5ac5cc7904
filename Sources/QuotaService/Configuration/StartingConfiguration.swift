import FoundationEssentials
import Glibc
import QuotaCore

/// What `quotawatch init` writes.
package enum StartingConfiguration {
  /// A configuration to fill in: one organization whose key is in `DOCUTRAY_API_KEY`, the usual rules, and Slack.
  ///
  /// The organization has the id that is used without a file, so that what was collected before goes on.
  package static let text = """
    {
      "$schema": "\(schemaName)",
      "database": "\(Configuration.defaultDatabase)",
      "billing_time_zone": "UTC",
      "api": { "base_url": "\(APIConfiguration.vendor)", "max_concurrent_requests": 8, "requests_per_second": 20 },
      "plans": {
        "standard": { "quota": { "pages": 10000, "conversions": 2000 } }
      },
      "organizations": [
        { "id": "\(ConfigurationSearch.onlyOrganization)", "name": "My organization", "api_key": { "env": "DOCUTRAY_API_KEY" }, "plan": "standard" }
      ],
      "rules": [
        { "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80, 100], "notify": ["ops-slack"] },
        { "id": "conversions-quota", "type": "threshold", "metric": "conversions", "percent": [80, 100], "notify": ["ops-slack"] },
        { "id": "silent", "type": "stale", "after": "6h", "notify": ["ops-slack"] },
        { "id": "dead-key", "type": "credential", "severity": "critical", "notify": ["ops-slack"] }
      ],
      "notifiers": {
        "ops-slack": { "type": "slack", "url": { "env": "SLACK_WEBHOOK_URL" } }
      }
    }

    """

  /// The schema's name beside the configuration.
  package static let schemaName = "alerts.schema.json"

  /// Writes the configuration, readable by its owner only, and the schema beside it.
  ///
  /// The configuration appears whole or not at all, and never replaces a file. A schema that is there, of an earlier
  /// version, is replaced.
  package static func write(to path: String) throws(ServiceError) {
    var existing = stat()
    guard lstat(path, &existing) != 0 else { throw alreadyThere(path) }
    let schemaPath = schemaName.inside(path.parentDirectory)
    do throws(FileFailure) {
      try NewFile.write(
        Array("\(Configuration.schema.indented())\n".utf8), to: schemaPath, mode: 0o644, replacing: true)
    } catch {
      throw ServiceError(.inputOutput, "cannot write \(schemaPath): \(error.message)")
    }
    do throws(FileFailure) {
      try NewFile.write(Array(text.utf8), to: path, mode: 0o600, replacing: false)
    } catch {
      if error.number == EEXIST { throw alreadyThere(path) }
      throw ServiceError(.inputOutput, "cannot write \(path): \(error.message)")
    }
  }

  private static func alreadyThere(_ path: String) -> ServiceError {
    ServiceError(.inputOutput, "\(path) is there already and stays as it is; remove it first, or name another file")
  }
}
