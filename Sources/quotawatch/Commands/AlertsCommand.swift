import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct AlertsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts",
    abstract: "List what fires, since when and why.",
    discussion: """
      Examples:
        quotawatch alerts
        quotawatch alerts --all --json
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Also list what is resolved or has expired.")
  var all = false

  @Flag(help: "Print the alerts as JSON.")
  var json = false

  func run() async throws {
    let alerts = try await common.service().alerts(all: all)
    if json {
      Console.standardOutput.print(JSONText.pretty(alerts.map(AlertOutput.init)))
    } else if alerts.isEmpty {
      Console.standardOutput.print(all ? "No alert so far." : "Nothing fires.")
    } else {
      Console.standardOutput.write(AlertTable(alerts).render(colored: Console.standardOutput.usesColour))
    }
  }
}

/// Alerts as an aligned table.
struct AlertTable {
  private var table = TextTable([
    .init("STATE"), .init("SEVERITY"), .init("ORGANIZATION", maximumWidth: 28), .init("RULE"), .init("SINCE"),
    .init("WHY"),
  ])

  init(_ alerts: [Alert]) {
    for alert in alerts {
      let isFiring = alert.status == .firing
      table.add([
        .init(alert.status.rawValue, color: isFiring ? .red : .dim), .init(alert.severity.rawValue),
        .init(alert.key.organization.rawValue), .init(alert.key.rule.rawValue),
        .init(StatusTable.minute(isFiring ? alert.firedAt : alert.changedAt)), .init(alert.reason),
      ])
    }
  }

  func render(colored: Bool) -> String { table.render(colored: colored) }
}

/// An alert as JSON.
private struct AlertOutput: Encodable {
  let alert: String
  let status: Alert.Status
  let severity: Severity
  let rule: RuleID
  let organizationId: OrganizationID
  let month: BillingMonth?
  let metric: Metric?
  let level: Level?
  let episode: Int64
  let firedAt: Date
  let changedAt: Date
  let reason: String
  let evidence: Evidence

  init(_ alert: Alert) {
    self.alert = alert.key.description
    status = alert.status
    severity = alert.severity
    rule = alert.key.rule
    organizationId = alert.key.organization
    month = alert.key.month
    metric = alert.key.metric
    level = alert.key.level
    episode = alert.episode
    firedAt = alert.firedAt
    changedAt = alert.changedAt
    reason = alert.reason
    evidence = alert.evidence
  }
}
