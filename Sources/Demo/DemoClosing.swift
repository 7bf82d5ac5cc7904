package import QuotaCore
package import QuotaService
import Reports

/// The month's end in the demo: the five commands of `docs/close-a-month.md`, with the sample data of `docs/sample`.
package struct DemoClosing: Sendable {
  package let imported: ImportLedger.Report
  package let closed: CloseMonth.Report
  package let invoices: ImportInvoices.Report
  package let accepted: ReconciliationEntry
  package let summary: ReconciliationSummary
  package let rows: [ReconciledMonth]
  package let reportPath: String
  package let statementPath: String

  /// The files of the sample, and what they are called in the demo's folder: the same month two months later.
  static let files: [(name: String, bytes: [UInt8])] = [
    ("ledger-2026-11.csv", moved(PackageResources.ledger_2026_09_csv)),
    ("invoice-2026-11.csv", moved(PackageResources.invoice_2026_09_csv)),
  ]

  private static func moved(_ file: [UInt8]) -> [UInt8] {
    Array(String(decoding: file, as: UTF8.self).replacing("2026-09", with: "2026-11").utf8)
  }

  /// - Parameters:
  ///   - service: at a time after the month's end.
  ///   - folder: where the sample's files are, and where the reports go.
  static func run(_ month: BillingMonth, with service: Setup, in folder: String) async throws -> DemoClosing {
    let person = "accountant"
    let imported = try await service.importLedger(.init(path: "\(folder)/\(files[0].name)"))
    let closed = try await service.close(.init(month: month, by: person))
    let invoices = try await service.importInvoices(.init(path: "\(folder)/\(files[1].name)", by: person))
    let accepted = try await service.review(
      "credit/DT-1103/3", of: "hooli", month, as: .accepted, note: "goodwill for the key that was revoked", by: person)
    let (reportPath, statementPath) = ("\(folder)/reconciliation.csv", "\(folder)/reconciliation.html")
    let summary = try await service.exportReconciliation(.init(month...month), to: .file(path: reportPath))
    _ = try await service.exportReconciliation(.init(month...month, format: .html), to: .file(path: statementPath))
    return DemoClosing(
      imported: imported, closed: closed, invoices: invoices, accepted: accepted, summary: summary,
      rows: try await service.reconciliation(.init(month...month)).months, reportPath: reportPath,
      statementPath: statementPath)
  }
}
