import Pages
import QuotaCore
import Reports
import WebServer

extension ServedPages {
  func months(_ inquiry: PageRoutes.Inquiry) async throws -> PageRoutes.Answer {
    let setup = served.state.setup
    let only = inquiry.organizations.map { $0.sorted() }
    let months = try await setup.database.openForReading().read { try $0.monthSummaries(of: only) }
    return .page(
      ReconciliationIndexPage(months, try await rehearsal(inquiry, setup)).html(try await frame(inquiry, setup)))
  }

  /// What importing the file would do that somebody has sent.
  private func rehearsal(_ inquiry: PageRoutes.Inquiry, _ setup: Setup) async throws -> InvoiceRehearsal? {
    guard let id = inquiry.rehearsal, let upload = acting.uploads.upload(id) else { return nil }
    do {
      let report = try await setup.importInvoices(upload, dryRun: true)
      let unknown = report.unknown.prefix(20).map { line in
        "Invoice \(line.key.invoice), line \(line.key.line): \(line.content.unknownBecause ?? "")"
      }
      return InvoiceRehearsal(
        of: upload.invoice.name, upload: id,
        .readable(
          words: report.words, columns: report.fields, lines: report.lines, warnings: report.warnings + unknown))
    } catch let error as ServiceError {
      return InvoiceRehearsal(of: upload.invoice.name, upload: id, .unreadable(error.lines.joined(separator: "; ")))
    }
  }

  func reconciliation(_ inquiry: PageRoutes.Inquiry) async throws -> PageRoutes.Answer {
    let setup = served.state.setup
    guard let month = inquiry.path["month"].flatMap({ BillingMonth($0) }) else {
      return try await missing("month", inquiry, setup)
    }
    let (months, summary) = try await setup.reconciliation(.init(month...month, visible: inquiry.organizations))
    let page = ReconciliationPage(
      month, months, summary.totals,
      downloads: ReconciliationFormat.allCases.map { .init(format: $0.rawValue, words: $0.words) },
      query: .init(inquiry.query))
    return .page(page.html(try await frame(inquiry, setup)))
  }

  func reconciliationFile(_ inquiry: PageRoutes.Inquiry) async throws -> PageRoutes.Answer {
    let setup = served.state.setup
    guard let month = inquiry.path["month"].flatMap({ BillingMonth($0) }),
      let format = inquiry.path["format"].flatMap({ ReconciliationFormat(rawValue: $0) })
    else { return try await missing("report", inquiry, setup) }
    let bytes = try await setup.exportReconciliation.bytes(
      .init(month...month, format: format, visible: inquiry.organizations))
    return .file(bytes, type: format.contentType, name: "reconciliation-\(month).\(format.suffix)")
  }
}

extension ReconciliationFormat {
  /// What it is called where one chooses.
  fileprivate var words: String {
    switch self {
    case .csv: "CSV"
    case .csvExcel: "CSV for Excel"
    case .jsonl: "JSON Lines"
    case .xlsx: "Workbook"
    case .html: "Statements"
    case .hledger: "hledger journal"
    }
  }

  /// Of file names.
  fileprivate var suffix: String {
    switch self {
    case .csv, .csvExcel: "csv"
    case .jsonl: "jsonl"
    case .xlsx: "xlsx"
    case .html: "html"
    case .hledger: "journal"
    }
  }

  fileprivate var contentType: String {
    switch self {
    case .csv, .csvExcel: "text/csv; charset=utf-8"
    case .jsonl: "application/jsonl; charset=utf-8"
    case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    case .html: "text/html; charset=utf-8"
    case .hledger: "text/plain; charset=utf-8"
    }
  }
}
