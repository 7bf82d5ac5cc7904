import FoundationEssentials
import QuotaCore
import Sandbox

/// The configuration of the demo, as a user would write it.
enum DemoConfiguration {
  static let slackPath = "/slack/ops"
  static let webhookPath = "/hooks/ops"

  /// Where an organization's key is said to be.
  static func key(of organization: DemoOrganization) -> SecretReference {
    .environment(variable(of: organization))
  }

  /// One request after the other, so that every demo stores the same under the same numbers.
  static func text(_ scenario: DemoScenario, sandbox: Sandbox) -> String {
    let plans = Dictionary(scenario.organizations.map { ($0.plan, $0.quota) }) { first, _ in first }
      .sorted { $0.key < $1.key }
      .map { plan($0.key, $0.value) }
    let organizations = scenario.organizations.map {
      #"    { "id": "\#($0.id)", "name": "\#($0.name)", "api_key": { "env": "\#(variable(of: $0))" }, "plan": "\#($0.plan)" }"#
    }
    return """
      {
        "database": "quotawatch.sqlite",
        "billing_time_zone": "UTC",
        "api": { "base_url": "\(sandbox.baseURL)", "requests_per_second": 1000, "max_concurrent_requests": 1, "retries": 0 },
        "plans": {
      \(plans.joined(separator: ",\n"))
        },
        "organizations": [
      \(organizations.joined(separator: ",\n"))
        ],
        "rules": [
          { "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80, 100], "notify": ["ops-slack", "finance-mail"] },
          { "id": "silent", "type": "stale", "after": "1d", "notify": ["ops-hook"] },
          { "id": "dead-key", "type": "credential", "severity": "critical", "notify": ["ops-slack", "ops-hook"] }
        ],
        "notifiers": {
          "ops-slack": { "type": "slack", "url": { "env": "SLACK_WEBHOOK_URL" } },
          "ops-hook": { "type": "webhook", "url": "\(sandbox.baseURL)\(webhookPath)", "secret": { "env": "WEBHOOK_SECRET" } },
          "finance-mail": {
            "type": "email",
            "url": "smtp://127.0.0.1:\(sandbox.mail.port)",
            "from": "Quota Watch <quotawatch@example.com>",
            "to": ["finance@example.com"]
          }
        }
      }

      """
  }

  /// A fee a month with the quota's pages included, and a price for each page above.
  private static func plan(_ name: String, _ quota: Quota) -> String {
    let (pages, conversions) = (quota.pages ?? 0, quota.conversions ?? 0)
    let (fee, unitPrice) = pages > 2_000 ? ("99.00", "0.012") : ("29.00", "0.02")
    return """
          "\(name)": {
            "quota": { "pages": \(pages), "conversions": \(conversions) },
            "currency": "EUR", "tax_percent": "19",
            "charges": [
              { "model": "flat", "name": "Base fee", "amount": "\(fee)" },
              { "model": "included", "metric": "pages", "included": \(pages), "unit_price": "\(unitPrice)" }
            ]
          }
      """
  }

  private static func variable(of organization: DemoOrganization) -> String {
    "DEMO_KEY_\(organization.id.rawValue.uppercased())"
  }
}
