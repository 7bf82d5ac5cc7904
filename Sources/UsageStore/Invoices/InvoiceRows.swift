internal import FoundationEssentials
internal import QuotaCore

extension StoreTransaction {
  /// What ``line(_:)`` reads, of `invoice_lines l`.
  static let lineColumns =
    "l.invoice_id, l.line_id, l.version, l.organization_id, l.organization_text, l.month, l.charge_category, l.metric, "
    + "l.quantity, l.unit_price, l.amount, l.currency, l.description, l.is_proration, l.issue_status, l.is_withdrawn, "
    + "l.unknown_because"
  static let lineColumnCount: Int32 = 17

  /// What ``storedLine(_:)`` reads behind a line's columns, of `invoice_imports f`.
  static let sourceColumns = "f.file_name, f.file_hash, f.mapping, f.imported_at, f.imported_by"
  static let sourceColumnCount: Int32 = 5

  static func line(_ row: borrowing SQLQuery) throws -> InvoiceLine {
    guard let amount = ExactDecimal(row.text(10)) else { throw row.unreadable("a decimal number", 10) }
    guard let currency = Currency(row.text(11)) else { throw row.unreadable("a currency", 11) }
    return InvoiceLine(
      key: InvoiceLineKey(invoice: row.text(0), line: row.text(1)),
      content: InvoiceLineContent(
        organization: row.optionalText(3).map { OrganizationID($0) }, organizationText: row.text(4),
        month: row.isNull(5) ? nil : try row.month(5),
        category: row.isNull(6) ? nil : try row.word(6, ChargeCategory.self),
        metric: row.isNull(7) ? nil : try row.word(7, Metric.self), quantity: try row.optionalDecimal(8),
        unitPrice: try row.optionalDecimal(9), amount: amount, currency: currency, description: row.optionalText(12),
        isProration: row.integer(13) == 1, issueStatus: try row.word(14, InvoiceIssueStatus.self),
        isWithdrawn: row.integer(15) == 1, unknownBecause: row.optionalText(16)))
  }

  static func storedLine(_ row: borrowing SQLQuery) throws -> StoredInvoiceLine {
    let first = lineColumnCount
    return StoredInvoiceLine(
      line: try line(row), version: row.integer(2),
      source: InvoiceImport(
        fileName: row.text(first), fileHash: row.text(first + 1), mapping: row.text(first + 2),
        importedAt: try row.time(first + 3), importedBy: row.text(first + 4)))
  }
}

extension SQLQuery {
  fileprivate func optionalDecimal(_ column: Int32) throws -> ExactDecimal? {
    guard !isNull(column) else { return nil }
    guard let number = ExactDecimal(text(column)) else { throw unreadable("a decimal number", column) }
    return number
  }
}
