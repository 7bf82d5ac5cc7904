import Demo
import Foundation
import QuotaCore
import QuotaService
import Testing

@Suite("The demo")
struct DemoScenarios {
  @Test("closes its month and finds in the sample invoice what docs/close-a-month.md says", .timeLimit(.minutes(5)))
  func closing() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "quotawatch-demo-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try await Demo.run(in: folder) { _, _ in }
    let closing = outcome.closing
    let rows = closing.rows.flatMap { month in
      month.entries.filter { $0.status != .matched }.map {
        [month.organization?.rawValue, $0.name, $0.status.rawValue, $0.finding.reason?.rawValue].compactMap(\.self)
          .joined(separator: " ")
      }
    }
    #expect(
      rows == [
        "globex usage/pages over_billed quantity_variance", "globex tax over_billed tax",
        "hooli credit/DT-1103/3 accepted credit", "initech purchase over_billed duplicate_line",
        "initech tax over_billed tax", "stark purchase under_billed proration", "stark tax under_billed tax",
        "umbrella purchase missing_invoice", "umbrella tax missing_invoice tax",
      ])
    let hooli = try #require(closing.rows.first { $0.organization?.rawValue == "hooli" })
    let counted = hooli.entries.map(\.figures.ledger).prefix(2)
    #expect(counted == hooli.entries.map(\.figures.vendorUsage).prefix(2))
    #expect(hooli.periodStatus == .closed)
    #expect(closing.closed.unsettled == 0)
    for path in [closing.reportPath, closing.statementPath] {
      #expect(try !Data(contentsOf: URL(filePath: path)).isEmpty)
    }
  }
}
