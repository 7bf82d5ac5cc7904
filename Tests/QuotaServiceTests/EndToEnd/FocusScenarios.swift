import Foundation
import QuotaCore
import Reports
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("Exporting FOCUS")
struct FocusScenarios {
  private static let plans = #"""
    { "growth": { "currency": "EUR", "charges": [
      { "model": "graduated", "metric": "pages", "tiers": [ { "up_to": 100, "unit_price": "0.10" }, { "unit_price": "0.05" } ] }
    ] } }
    """#

  @Test("takes the figures that a month was closed with, and says what it has nothing of")
  func closedFigures() async throws {
    try await Installation.run(["acme", "globex", "initech"], at: "2026-11-05T12:00:00Z") { installation in
      installation.use(120, in: "2026-10")
      installation.use(40, of: "globex", in: "2026-10")
      let text = """
        { "database": "quotawatch.sqlite", "api": { "base_url": "\(installation.sandbox.baseURL)", "retries": 0 },
          "plans": \(Self.plans), "rules": [], "notifiers": {}, "organizations": [
          { "id": "globex", "api_key": { "env": "KEY_globex" } },
          { "id": "acme", "name": "Acme", "api_key": { "env": "KEY_acme" }, "plan": "growth", "tags": ["vip"] },
          { "id": "initech", "api_key": { "env": "KEY_initech" }, "plan": "growth" } ] }
        """
      let service = try installation.service(text, organizations: ["acme", "globex", "initech"])
      var options = CloseMonth.Options(month: try #require(BillingMonth("2026-10")), by: "accountant")
      options.only = ["acme", "globex"]
      _ = try await service.close(options)
      // What the vendor says later does not change what was closed.
      installation.use(999, in: "2026-10")
      installation.advance(by: .seconds(7_200))
      _ = try await service.collect(CollectUsage.Options())

      let (rows, omissions) = try await export(service, installation, months: "2026-09", "2026-10")
      #expect(rows.map { $0["BillingAccountId"] } == ["acme", "acme", "initech"])
      #expect(rows.map { $0["BilledCost"] } == ["10.0", "1.0", "0.0"])
      #expect(rows.map { $0["x_PeriodStatus"] } == ["closed", "closed", "open"])
      #expect(rows.map { $0["Tags"] } == ["{\"vip\":true}", "{\"vip\":true}", ""])
      // September was read of nobody; globex has no plan.
      #expect(omissions == FocusOmissions(neverRead: 3, withoutPrices: 1, written: 2))
      #expect(
        omissions.notes == [
          "3 months of organizations have no rows, because they were never read",
          "1 month of an organization has no rows, because no price is known that it is held against",
        ])
    }
  }

  @Test("says of a closed month what the plan that it was closed with costs, of an organization that is gone, too")
  func closedPlan() async throws {
    try await Installation.run(["acme", "globex"], at: "2026-11-05T12:00:00Z") { installation in
      installation.use(120, in: "2026-10")
      let service = try installation.service(
        organizations: ["acme", "globex"], plans: Self.plans, members: #", "plan": "growth""#)
      _ = try await service.close(CloseMonth.Options(month: try #require(BillingMonth("2026-10")), by: "accountant"))
      let before = try await export(service, installation, months: "2026-10", "2026-10").0
      #expect(before.map { $0["BilledCost"] } == ["10.0", "1.0", "0.0"])
      let plans = Self.plans.trimmingPrefix("{")
      let edited = try installation.service(
        organizations: ["globex"],
        plans: #"{ "new": { "currency": "USD", "charges": [{ "model": "flat", "amount": "1.00" }] }, "# + plans,
        members: #", "plan": "new""#)
      #expect(try await export(edited, installation, months: "2026-10", "2026-10").0 == before)
    }
  }

  @Test("leaves the file as it was when an organization is not configured")
  func unknownOrganization() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      _ = try await service.collect(CollectUsage.Options())
      let file = installation.folder.appending(path: "focus.csv")
      try Data("before".utf8).write(to: file)
      let month = try #require(BillingMonth("2026-11"))
      await #expect(throws: ServiceError.self) {
        try await service.exportFocus(
          month...month, organizations: ["acne"], version: .v1_2, to: .file(path: file.path))
      }
      #expect(try String(contentsOf: file, encoding: .utf8) == "before")
    }
  }

  private func export(
    _ service: Setup, _ installation: Installation, months first: String, _ last: String
  ) async throws -> ([[String: String]], FocusOmissions) {
    let file = installation.folder.appending(path: "focus.csv")
    let range = try #require(BillingMonth(first))...(try #require(BillingMonth(last)))
    let omissions = try await service.exportFocus(range, organizations: [], version: .v1_2, to: .file(path: file.path))
    var reader = CSVReader(delimiter: UInt8(ascii: ","))
    var rows: [CSVRow] = []
    try reader.read(Array(try Data(contentsOf: file)), into: &rows)
    try reader.finish(into: &rows)
    let header = try #require(rows.first?.fields)
    return (rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0.fields)) }, omissions)
  }
}
