internal import QuotaCore

extension StoreTransaction {
  /// What ``line(_:)`` reads, of `invoice_lines l`.
  static let lineColumns =
    "l.invoice_id, l.line_id, l.organization_id, l.organization_text, l.month, l.charge_category, l.metric, "
    + "l.quantity, l.unit_price, l.amount, l.currency, l.description, l.is_proration, l.issue_status, l.is_withdrawn, "
    + "l.unknown_because"

  static func line(_ row: inout RowReader) throws -> InvoiceLine {
    InvoiceLine(
      key: InvoiceLineKey(invoice: try row.next(), line: try row.next()),
      content: InvoiceLineContent(
        organization: try row.next(), organizationText: try row.next(), month: try row.next(),
        category: try row.next(), metric: try row.next(), quantity: try row.next(), unitPrice: try row.next(),
        amount: try row.next(), currency: try row.next(), description: try row.next(), isProration: try row.next(),
        issueStatus: try row.next(), isWithdrawn: try row.next(), unknownBecause: try row.next()))
  }

  /// What ``storedLine(_:)`` reads, of `invoice_lines l` and its `invoice_imports f`.
  static let storedLineColumns =
    "\(lineColumns), l.version, f.file_name, f.file_hash, f.mapping, f.imported_at, f.imported_by"

  static func storedLine(_ row: inout RowReader) throws -> StoredInvoiceLine {
    StoredInvoiceLine(
      line: try line(&row), version: try row.next(),
      source: InvoiceImport(
        fileName: try row.next(), fileHash: try row.next(), mapping: try row.next(), importedAt: try row.next(),
        importedBy: try row.next()))
  }
}
