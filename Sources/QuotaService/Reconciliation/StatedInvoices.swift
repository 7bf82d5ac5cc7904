import QuotaCore

/// The invoices that say what they come to. Each is read once, or twice if it is of several organizations or months, however
/// many those are.
final class StatedInvoices {
  private let reader: any StoreReader
  private let totals: [String: [StatedTotal]]
  /// Whether an invoice is of one organization and month alone.
  private var isOfOne: [String: Bool] = [:]

  init(in reader: any StoreReader) throws {
    self.reader = reader
    totals = Dictionary(grouping: try reader.statedTotals(), by: \.invoice)
  }

  func contains(_ invoice: String) -> Bool { totals[invoice] != nil }

  /// What an invoice says that is of one organization and month alone; nil for another one.
  func single(_ invoice: String) throws -> InvoiceTotals? {
    guard let stated = totals[invoice], isOfOne[invoice] != false else { return nil }
    let lines = try claims(of: invoice)
    let isSingle =
      Set(lines.map(\.content.organization)).count == 1 && Set(lines.map(\.content.month)).count == 1
      && lines.first?.content.organization != nil && lines.first?.content.month != nil
    isOfOne[invoice] = isSingle
    return isSingle ? InvoiceTotals(stated, lines) : nil
  }

  /// What an invoice says that is of several, or of nobody that is known, and its last month among these; nil for another
  /// one.
  func shared(
    _ invoice: String, _ months: ClosedRange<BillingMonth>
  ) throws -> (totals: InvoiceTotals, month: BillingMonth?)? {
    guard let stated = totals[invoice] else { return nil }
    if isOfOne[invoice] == nil { _ = try single(invoice) }
    guard isOfOne[invoice] == false else { return nil }
    let lines = try claims(of: invoice)
    guard !lines.isEmpty else { return nil }
    return (InvoiceTotals(stated, lines), lines.compactMap(\.content.month).filter(months.contains).max())
  }

  /// The invoice's lines that claim something.
  private func claims(of invoice: String) throws -> [InvoiceLine] {
    guard let stored = try reader.invoice(invoice), stored.void == nil else { return [] }
    return stored.lines.map(\.line).filter { !$0.content.isWithdrawn && $0.content.issueStatus != .voided }
  }
}
