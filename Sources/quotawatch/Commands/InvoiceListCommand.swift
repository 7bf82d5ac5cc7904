import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import Reports

struct InvoiceListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the invoices that were imported.",
    discussion: """
      Examples:
        quotawatch invoice list
        quotawatch invoice list last-month --json
      """)

  @OptionGroup var common: CommonOptions

  @OptionGroup var period: MonthArguments

  @Flag(help: "Print the invoices as JSON.")
  var json = false

  func run() async throws {
    let (service, time) = (try common.service(), try common.time)
    let months = try period.optionalMonths(in: service)
    let summaries = try await service.invoices(months: months).map(InvoiceSummary.init)
    guard !json else {
      Console.standardOutput.printJSON(JSONText.list("invoices", summaries))
      return
    }
    guard !summaries.isEmpty else {
      Console.standardOutput.print("No invoice was imported\(months == nil ? "" : " for that") yet.")
      return
    }
    var table = TextTable([
      .init("INVOICE", widths: 10...32, keeping: 24), .init("STATUS"), .init("MONTHS", rank: 1),
      .init("ORGANIZATIONS", .right, rank: 3), .init("LINES", .right, rank: 2), .init("UNKNOWN", .right),
      .init("TOTAL", .right), .init("IMPORTED", rank: 4),
    ])
    for summary in summaries {
      table.add([
        .init(summary.invoiceId), .init(summary.status, color: summary.status == "issued" ? nil : .dim),
        .init(summary.monthsText), .init(summary.organizations.grouped), .init(summary.lines.grouped),
        .init(summary.unknownLines.grouped, color: summary.unknownLines > 0 ? .red : nil),
        .init(summary.totals.map(\.money.description).joined(separator: ", ")),
        .init(time(summary.lastImportedAt)),
      ])
    }
    Console.standardOutput.print(table)
  }
}

struct InvoiceShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show an invoice's lines as they are understood.",
    discussion: """
      Examples:
        quotawatch invoice show INV-1042
        quotawatch invoice show INV-1042 --versions --json
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The invoice's id.")
  var id: String

  @Flag(help: "Also show what lines said in earlier files.")
  var versions = false

  @Flag(help: "Print the lines as JSON.")
  var json = false

  func run() async throws {
    let (invoice, all, stated) = try await common.service().invoice(id)
    let shown = versions ? all : invoice.lines
    guard !json else {
      Console.standardOutput.printJSON(JSONText.list("lines", shown.map { InvoiceLineOutput($0) }))
      return
    }
    let summary = InvoiceSummary(invoice)
    let time = try common.time
    let void = invoice.void.map { ": \($0.reason) (\($0.by), \(time($0.at)))" } ?? ""
    Console.standardOutput.printHeading("Invoice \(invoice.id), \(summary.status)\(void)")
    Console.standardOutput.print(
      InvoiceLineTable(shown.map(\.line), versions: versions ? shown.map(\.version) : nil).table)
    let totals = summary.totals.map(\.money.description).joined(separator: ", ")
    Console.standardOutput.print("")
    Console.standardOutput.print("Total \(totals)")
    for total in stated {
      Console.standardOutput.print(
        "The file states a \(total.kind.words) of \(Money(total.amount, total.currency).exact).")
    }
  }
}

/// One invoice in a few words.
struct InvoiceSummary: Encodable {
  struct Total: Encodable {
    let money: Money

    private enum Key: String, CodingKey { case currency, amount }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(money.currency.code, forKey: .currency)
      try container.encode(money.currency.text(money.amount), forKey: .amount)
    }
  }

  let invoiceId: String
  let status: String
  let months: [BillingMonth]
  let organizations: Int
  let lines: Int
  let unknownLines: Int
  let totals: [Total]
  let lastImportedAt: Date
  let voidReason: String?

  init(_ invoice: StoredInvoice) {
    let present = invoice.lines.map(\.line.content).filter { !$0.isWithdrawn }
    invoiceId = invoice.id
    status =
      invoice.void != nil
      ? InvoiceIssueStatus.voided.rawValue
      : Set(present.map(\.issueStatus.rawValue)).sorted().joined(separator: ", ")
    months = Set(present.compactMap(\.month)).sorted()
    organizations = Set(present.map { $0.organization?.rawValue ?? $0.organizationText }).count
    lines = present.count
    unknownLines = present.count { $0.unknownBecause != nil }
    totals = Dictionary(grouping: present, by: \.currency).sorted { $0.key < $1.key }.map { currency, lines in
      Total(money: Money(lines.map(\.amount).sum(), currency))
    }
    lastImportedAt = invoice.lines.map(\.source.importedAt).max() ?? .distantPast
    voidReason = invoice.void?.reason
  }

  /// The first and the last month.
  fileprivate var monthsText: String {
    guard let first = months.first, let last = months.last else { return "–" }
    return first == last ? "\(first)" : "\(first) to \(last)"
  }
}

/// Lines of invoices as an aligned table.
struct InvoiceLineTable {
  private(set) var table: TextTable

  /// - Parameter versions: of each line; nil shows no versions.
  init(_ lines: [InvoiceLine], versions: [Int64]? = nil) {
    let version: [TextTable.Column] = versions == nil ? [] : [.init("VERSION", .right)]
    table = TextTable(
      [.init("LINE", widths: 10...30)] + version + [
        .init("ORGANIZATION", widths: 10...28), .init("MONTH"), .init("CATEGORY", rank: 3),
        .init("METRIC", rank: 2), .init("QUANTITY", .right, rank: 1), .init("UNIT PRICE", .right, rank: 4),
        .init("AMOUNT", .right), .init("NOTE", widths: 10 ... .max),
      ])
    for (index, line) in lines.enumerated() {
      let content = line.content
      let cells: [TextTable.Cell] = [.init(line.key.line)] + (versions.map { [.init("\($0[index])")] } ?? [])
      table.add(
        cells + [
          .init(content.organization?.rawValue ?? "? \(content.organizationText)"),
          .init(content.month?.description ?? "?"), .init(content.category?.rawValue ?? "?"),
          .init(content.metric?.rawValue ?? ""), .init(content.quantity?.grouped() ?? ""),
          .init(content.unitPrice?.grouped() ?? ""),
          .init(Money(content.amount, content.currency).exact),
          .init(content.note, color: content.unknownBecause == nil ? .dim : .red),
        ])
    }
  }
}

extension InvoiceLineContent {
  fileprivate var note: String {
    var notes = unknownBecause.map { ["unknown_line: \($0)"] } ?? []
    if isWithdrawn { notes.append("withdrawn") }
    if isProration { notes.append("proration") }
    if issueStatus != .issued { notes.append(issueStatus.rawValue) }
    return notes.joined(separator: "; ")
  }
}
