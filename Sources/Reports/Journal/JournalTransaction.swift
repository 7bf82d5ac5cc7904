import QuotaCore

/// What an invoice claims of one organization and month in one currency, as a transaction.
struct JournalTransaction {
  let month: ReconciledMonth
  let invoiceIDs: [String]
  let currency: Currency
  /// Those with an amount that is claimed.
  let entries: [ReconciliationEntry]

  /// The transactions of a month, in the order of the report.
  static func all(of month: ReconciledMonth) -> [JournalTransaction] {
    var keys: [Key] = []
    var groups: [Key: [ReconciliationEntry]] = [:]
    for entry in month.entries where entry.isClaimed {
      guard let currency = entry.currency else { continue }
      let key = Key(invoiceIDs: entry.invoiceIDs, currency: currency)
      if groups[key] == nil { keys.append(key) }
      groups[key, default: []].append(entry)
    }
    return keys.map {
      JournalTransaction(month: month, invoiceIDs: $0.invoiceIDs, currency: $0.currency, entries: groups[$0] ?? [])
    }
  }

  private struct Key: Hashable {
    let invoiceIDs: [String]
    let currency: Currency
  }

  /// - Parameter date: such as `2026-10-31`.
  func text(date: String) -> String {
    let mark = entries.allSatisfy { $0.status.isAgreed && $0.issueStatus == .issued } ? "*" : "!"
    let name = month.organizationName ?? month.organization?.rawValue ?? "lines of no organization"
    let period = month.month?.description ?? "month not known"
    let total = entries.compactMap(\.figures.invoicedAmount).sum()
    var text = "\(date) \(mark) DocuTray | \(name.forJournalDescription) \(period)\n"
    let tags: [(String, String?)] = [
      ("organization_id", month.organization?.rawValue), ("period", month.month?.description),
      ("invoice_id", invoiceIDs.joined(separator: ReconciliationRow.separator)), ("price_plan", month.pricePlan),
      ("snapshot_id", month.snapshot.map(String.init)),
    ]
    for (name, value) in tags { text += Self.tag(name, value) }
    for entry in entries { text += posting(entry) }
    return text + "    \(JournalAccount.payable)  \(currency.text(-total)) \(currency)\n\n"
  }

  private func posting(_ entry: ReconciliationEntry) -> String {
    guard let amount = entry.figures.invoicedAmount else { return "" }
    var text = "    \(JournalAccount.of(entry))  \(currency.text(amount)) \(currency)\n"
    let tags: [(String, String?)] = [
      ("invoice_line_id", entry.invoiceLines.map(\.line).joined(separator: ReconciliationRow.separator)),
      ("status", entry.status.rawValue), ("reason", entry.finding.reason?.rawValue),
      ("vendor_usage_quantity", entry.figures.vendorUsage.map(String.init)),
      ("invoiced_quantity", entry.figures.invoicedQuantity?.description),
      ("expected_amount", entry.figures.expectedAmount.map(currency.text)),
      ("amount_variance", entry.figures.amountVariance.map(currency.text)), ("note", entry.note),
    ]
    for (name, value) in tags { text += Self.tag(name, value) }
    return text
  }

  private static func tag(_ name: String, _ value: String?) -> String {
    guard let value = value?.forJournalTag, !value.isEmpty else { return "" }
    return "    ; \(name):\(value)\n"
  }
}

/// The accounts of the journal.
enum JournalAccount {
  static let payable = "liabilities:docutray"

  static let all: [String] =
    Metric.allCases.sorted().map { "expenses:docutray:usage:\($0)" }
    + [
      "expenses:docutray:usage", "expenses:docutray:fees", "expenses:docutray:adjustments", "expenses:docutray:credits",
      "expenses:docutray:tax", "expenses:docutray:unknown", payable,
    ]

  static func of(_ entry: ReconciliationEntry) -> String {
    switch entry.category {
    case .usage: "expenses:docutray:usage" + (entry.metric.map { ":\($0)" } ?? "")
    case .purchase: "expenses:docutray:fees"
    case .adjustment: "expenses:docutray:adjustments"
    case .credit: "expenses:docutray:credits"
    case .tax: "expenses:docutray:tax"
    case nil: "expenses:docutray:unknown"
    }
  }
}

extension ReconciliationEntry {
  /// Whether an invoice that was not retracted claims an amount.
  var isClaimed: Bool {
    !invoiceLines.isEmpty && issueStatus != .voided && figures.invoicedAmount != nil && currency != nil
  }
}

extension ReconciliationStatus {
  /// Whether nothing is left to be said of the row.
  fileprivate var isAgreed: Bool { self == .matched || self == .matchedWithinTolerance || self == .accepted }
}
