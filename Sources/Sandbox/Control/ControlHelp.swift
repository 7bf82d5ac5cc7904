import QuotaCore

/// The text that `GET /sandbox` answers and that the command line prints.
enum ControlHelp {
  /// How many keys are listed.
  private static let shownKeys = 12

  static func text(baseURL: String, mailPort: Int, organizations: [SimulatedOrganization]) -> String {
    let keys = organizations.flatMap { organization in
      organization.keys.map { "  \($0)  \(organization.id) (\(organization.name))" }
    }
    let more =
      keys.count > shownKeys ? ["  … and \((keys.count - shownKeys).grouped) more: GET /sandbox/organizations"] : []
    let list = (keys.prefix(shownKeys) + more).joined(separator: "\n")
    return """
      A simulated DocuTray vendor. Nothing here leaves this machine.

        vendor    \(baseURL)   (GET /api/usage, POST /api/steps-async/STEP, /api/convert-async and
                                             /api/identify-async; Authorization: Bearer KEY)
        webhooks  \(baseURL)/hooks/NAME
        slack     \(baseURL)/slack/NAME
        mail      smtp://127.0.0.1:\(mailPort)   (clear text, any user and password)

      Keys:
      \(list.isEmpty ? "  none; POST /sandbox/organizations adds an organization" : list)

      Steer it (JSON bodies; docs/sandbox.md explains each):
        GET    /sandbox/organizations
        POST   /sandbox/organizations  {"id": "acme", "keys": ["acme-key"], "pages_per_month": 10000}
        POST   /sandbox/keys           {"organization": "acme", "add": "new-key"} or {"revoke": "acme-key"}
        GET    /sandbox/clock
        POST   /sandbox/clock          {"now": "2026-11-05T12:00:00Z"}, {"advance": "6h"} or {"follow_system": true}
        POST   /sandbox/usage          {"organization": "acme", "pages": 8000, "conversions": 900}
        POST   /sandbox/usage          {"organization": "acme", "month": "2026-10", "add_pages": -50}
        POST   /sandbox/faults         {"fault": "status", "status": 503, "times": 2, "organization": "acme"}
        DELETE /sandbox/faults
        POST   /sandbox/rate-limit     {"requests": 5, "seconds": 60}
        GET    /sandbox/requests       DELETE forgets them
        GET    /sandbox/hooks          DELETE forgets them
        POST   /sandbox/hooks          {"path": "/hooks/ops", "answer": "status", "status": 503, "times": 1}
        GET    /sandbox/mail           DELETE forgets them
        GET    /sandbox/executions
        POST   /sandbox/executions     {"organization": "acme", "kind": "conversion", "pages": 3}
        POST   /sandbox/executions     {"plan": {"processing_seconds": 60, "outcome": "error"}}
        POST   /sandbox/webhooks       {"execution": "cm5v000000001", "url": "http://127.0.0.1:8090/webhooks/acme", "secret": "s"}

      """
  }
}
