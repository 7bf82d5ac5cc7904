import Foundation
import QuotaCore
import Sandbox

let acme = OrganizationID("acme")
let globex = OrganizationID("globex")

/// Runs a body against a sandbox with Acme (two keys) and Globex (one), at noon of 2026-11-05, without any use.
func withSandbox(
  at moment: String = "2026-11-05T12:00:00Z", timeZone: TimeZone = .gmt, remembering: Int = 1_000,
  _ body: (Sandbox) async throws -> Void
) async throws {
  let organizations = [
    SimulatedOrganization(id: acme, name: "Acme Corp", keys: ["acme-key", "acme-second-key"]),
    SimulatedOrganization(id: globex, keys: ["globex-key"]),
  ]
  try await Sandbox.withRunning(
    organizations: organizations, clock: .manual(time(moment)), timeZone: timeZone, remembering: remembering, body)
}
