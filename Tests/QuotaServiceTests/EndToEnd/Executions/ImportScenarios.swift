import Foundation
import QuotaCore
import TestSupport
import Testing

@testable import QuotaService

@Suite("Importing executions in an installation")
struct ImportScenarios {
  private static let header = "organization,kind,id,status,pages,requested_at\n"

  private static func row(_ id: String, _ pages: Int, _ time: String = "2026-11-10T11:00:00Z") -> String {
    "acme,step,\(id),success,\(pages),\(time)\n"
  }

  @Test("says whether the ledger or another row of the file says something else")
  func contradiction() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      func lines(_ rows: String...) async throws -> [String] {
        let path = try installation.file("e.csv", Array((Self.header + rows.joined()).utf8))
        return await failure { _ = try await service.importLedger(ImportLedger.Options(path: path)) }?.lines ?? []
      }
      #expect(
        try await lines(Self.row("s1", 5), Self.row("s1", 6)).first?.hasSuffix(
          ":3: says that step s1 of acme ended in success with 6 pages, but another row of the file says success with "
            + "5 pages; take out the one that is wrong") == true)
      #expect(try await lines(Self.row("s1", 5)) == [])
      installation.clock.advance(by: .seconds(60))
      #expect(
        try await lines(Self.row("s1", 6)).first?.hasSuffix(
          "but the ledger has success with 5 pages; take the row out if the ledger is right") == true)
    }
  }

  @Test("names the rows that lie in the future")
  func future() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let rows =
        Self.row("s1", 5) + Self.row("s2", 5, "2027-11-10T11:00:00Z") + Self.row("s3", 5, "2026-11-13T11:00:00Z")
      let path = try installation.file("e.csv", Array((Self.header + rows).utf8))
      let report = try await service.importLedger(ImportLedger.Options(path: path))
      #expect((report.rows, report.inFuture, report.firstInFuture) == (3, 2, 3))
    }
  }
}
