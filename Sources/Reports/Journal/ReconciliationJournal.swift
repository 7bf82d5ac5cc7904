import FoundationEssentials
import QuotaCore

/// The reconciliation as a journal of hledger: what invoices claim, in transactions, and what the reconciliation says of
/// it, in tags.
struct ReconciliationJournal: ReconciliationDocument {
  private let frame: ReconciliationFrame
  private var output: OutputBuffer
  private var currencies: Set<Currency> = []
  private var hasBegun = false

  init(_ frame: ReconciliationFrame, to sink: @escaping UsageReport.Sink) {
    self.frame = frame
    output = OutputBuffer(sink)
  }

  mutating func write(_ month: ReconciledMonth, usage: [MonthDay]) throws {
    try begin()
    for transaction in JournalTransaction.all(of: month) {
      try declare(transaction.currency)
      try output.append(transaction.text(date: date(of: month)))
    }
    let rest = month.entries.filter { !$0.isClaimed }
    if !rest.isEmpty { try output.append(rest.map { comment($0, of: month) }.joined() + "\n") }
  }

  mutating func finish() throws {
    try begin()
    try output.flush()
  }

  private mutating func begin() throws {
    guard !hasBegun else { return }
    hasBegun = true
    try output.append(
      """
      ; DocuTray's invoices, reconciled \(frame.reconciledAt.iso8601) with months in \(frame.zoneName.forJournalComment)
      decimal-mark .
      \(JournalAccount.all.map { "account \($0)" }.joined(separator: "\n"))


      """)
  }

  /// Says how many decimals the amounts of a currency have, before the first of them.
  private mutating func declare(_ currency: Currency) throws {
    guard currencies.insert(currency).inserted else { return }
    let decimals = String(repeating: "0", count: currency.minorUnit)
    try output.append("commodity 1000.\(decimals) \(currency)\n\n")
  }

  /// The month's last day; for lines of no known month the day of the reconciliation.
  private func date(of month: ReconciledMonth) -> String {
    guard let month = month.month else {
      return frame.day(frame.reconciledAt)
    }
    return "\(month)-\(month.dayCount)"
  }

  /// What no invoice claims, which makes no transaction.
  private func comment(_ entry: ReconciliationEntry, of month: ReconciledMonth) -> String {
    let currency = entry.currency
    func amount(_ name: String, _ amount: ExactDecimal?) -> String? {
      amount.map { "\(name) \(currency?.text($0) ?? $0.description)\(currency.map { " \($0)" } ?? "")" }
    }
    let parts: [String?] = [
      month.organization?.rawValue ?? "no organization", month.month?.description,
      entry.category?.rawValue, entry.metric?.rawValue,
      entry.invoiceIDs.isEmpty ? nil : "invoice \(entry.invoiceIDs.joined(separator: ReconciliationRow.separator))",
      entry.status.rawValue, amount("expected", entry.figures.expectedAmount), entry.note.isEmpty ? nil : entry.note,
    ]
    return "; \(parts.compactMap { $0 }.joined(separator: ", ").forJournalComment)\n"
  }
}
