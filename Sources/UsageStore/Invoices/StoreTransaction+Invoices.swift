internal import GRDB
internal import QuotaCore

extension StoreTransaction {
  func invoices() throws -> [StoredInvoice] {
    var query = try SQLQuery(
      """
      SELECT \(Self.lineColumns), \(Self.sourceColumns), i.void_reason, i.voided_at, i.voided_by
      FROM invoices i
      CROSS JOIN invoice_lines l INDEXED BY invoice_lines_current ON l.invoice_id = i.id AND l.is_current
      CROSS JOIN invoice_imports f ON f.id = l.import_id
      ORDER BY i.id, l.line_id
      """, in: database)
    return try Self.invoices(&query)
  }

  func invoice(_ id: String) throws -> StoredInvoice? {
    var query = try SQLQuery(
      """
      SELECT \(Self.lineColumns), \(Self.sourceColumns), i.void_reason, i.voided_at, i.voided_by
      FROM invoices i
      CROSS JOIN invoice_lines l INDEXED BY invoice_lines_current ON l.invoice_id = i.id AND l.is_current
      CROSS JOIN invoice_imports f ON f.id = l.import_id
      WHERE i.id = ? ORDER BY l.line_id
      """, in: database)
    query.bind(id)
    return try Self.invoices(&query).first
  }

  private static func invoices(_ query: inout SQLQuery) throws -> [StoredInvoice] {
    var found: [StoredInvoice] = []
    var lines: [StoredInvoiceLine] = []
    var void: InvoiceVoid?
    func end() {
      if let id = lines.first?.line.key.invoice { found.append(StoredInvoice(id: id, void: void, lines: lines)) }
      lines = []
    }
    while try query.next() {
      let line = try storedLine(query)
      if line.line.key.invoice != lines.first?.line.key.invoice { end() }
      lines.append(line)
      let next = lineColumnCount + sourceColumnCount
      void =
        query.isNull(next)
        ? nil : InvoiceVoid(reason: query.text(next), at: try query.time(next + 1), by: query.text(next + 2))
    }
    end()
    return found
  }

  func invoiceLineVersions(of invoice: String) throws -> [StoredInvoiceLine] {
    var query = try SQLQuery(
      """
      SELECT \(Self.lineColumns), \(Self.sourceColumns) FROM invoice_lines l
      JOIN invoice_imports f ON f.id = l.import_id
      WHERE l.invoice_id = ? ORDER BY l.line_id, l.version
      """, in: database)
    query.bind(invoice)
    var lines: [StoredInvoiceLine] = []
    while try query.next() { lines.append(try Self.storedLine(query)) }
    return lines
  }

  func invoiceLines(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: [InvoiceLine]]] {
    var query = try SQLQuery(
      """
      SELECT \(Self.lineColumns) FROM json_each(?) j
      CROSS JOIN invoice_lines l INDEXED BY invoice_lines_by_month
        ON l.is_current AND l.organization_id = j.value AND l.month BETWEEN ? AND ?
      CROSS JOIN invoices i ON i.id = l.invoice_id
      WHERE NOT l.is_withdrawn AND l.issue_status <> 'voided' AND i.voided_at IS NULL
      """, in: database)
    query.bind(try StoredJSON.list(organizations.map(\.rawValue)))
    query.bind(first.description)
    query.bind(last.description)
    var found: [OrganizationID: [BillingMonth: [InvoiceLine]]] = [:]
    while try query.next() {
      let line = try Self.line(query)
      guard let organization = line.content.organization, let month = line.content.month else { continue }
      found[organization, default: [:]][month, default: []].append(line)
    }
    return found.mapValues { months in months.mapValues { $0.sorted { $0.key < $1.key } } }
  }

  func unassignedInvoiceLines() throws -> [InvoiceLine] {
    var lines: [InvoiceLine] = []
    // Two queries, so that each finds its rows by the index.
    for condition in ["l.organization_id IS NULL", "l.organization_id IS NOT NULL AND l.month IS NULL"] {
      var query = try SQLQuery(
        """
        SELECT \(Self.lineColumns) FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
        WHERE l.is_current AND \(condition) AND NOT l.is_withdrawn AND l.issue_status <> 'voided'
          AND i.voided_at IS NULL
        """, in: database)
      while try query.next() { lines.append(try Self.line(query)) }
    }
    return lines.sorted { $0.key < $1.key }
  }

  func invoicedOrganizations(from first: BillingMonth, to last: BillingMonth) throws -> [OrganizationID] {
    var query = try SQLQuery(
      """
      SELECT DISTINCT l.organization_id FROM invoice_lines l
      WHERE l.is_current AND l.organization_id IS NOT NULL AND l.month BETWEEN ? AND ? ORDER BY l.organization_id
      """, in: database)
    query.bind(first.description)
    query.bind(last.description)
    var found: [OrganizationID] = []
    while try query.next() { found.append(OrganizationID(query.text(0))) }
    return found
  }

  func setVoid(_ void: InvoiceVoid?, ofInvoice id: String) throws {
    var update = try SQLQuery(
      "UPDATE invoices SET void_reason = ?, voided_at = ?, voided_by = ? WHERE id = ?", in: database)
    update.bind(void?.reason)
    update.bind(void?.at)
    update.bind(void?.by)
    update.bind(id)
    try update.run()
  }
}
