internal import QuotaCore

extension StoreTransaction {
  func invoices() throws -> [StoredInvoice] { try invoices(where: "?1 IS NULL", nil) }

  func invoice(_ id: String) throws -> StoredInvoice? { try invoices(where: "i.id = ?1", id).first }

  private func invoices(where condition: String, _ id: String?) throws -> [StoredInvoice] {
    var found: [(void: InvoiceVoid?, lines: [StoredInvoiceLine])] = []
    try visit(
      """
      SELECT \(Self.storedLineColumns), i.void_reason, i.voided_at, i.voided_by
      FROM invoices i
      CROSS JOIN invoice_lines l INDEXED BY invoice_lines_current ON l.invoice_id = i.id AND l.is_current
      CROSS JOIN invoice_imports f ON f.id = l.import_id
      WHERE \(condition) ORDER BY i.id, l.line_id
      """,
      id
    ) { row in
      let line = try Self.storedLine(&row)
      if line.line.key.invoice != found.last?.lines.first?.line.key.invoice {
        let void = row.isAtNull ? nil : InvoiceVoid(reason: try row.next(), at: try row.next(), by: try row.next())
        found.append((void, []))
      }
      found[found.count - 1].lines.append(line)
    }
    return found.compactMap { invoice in
      invoice.lines.first.map { StoredInvoice(id: $0.line.key.invoice, void: invoice.void, lines: invoice.lines) }
    }
  }

  func invoiceLineVersions(of invoice: String) throws -> [StoredInvoiceLine] {
    // Two queries, so that each finds its rows by its index.
    let parts = [("invoice_lines_current", "l.is_current"), ("invoice_lines_past", "NOT l.is_current")]
    let versions = try parts.flatMap {
      try rows(
        """
        SELECT \(Self.storedLineColumns) FROM invoice_lines l INDEXED BY \($0)
        CROSS JOIN invoice_imports f ON f.id = l.import_id WHERE \($1) AND l.invoice_id = ?
        """,
        invoice, row: Self.storedLine)
    }
    return versions.sorted { ($0.line.key, $0.version) < ($1.line.key, $1.version) }
  }

  func invoiceLines(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: [InvoiceLine]]] {
    let lines = try rows(
      """
      SELECT \(Self.lineColumns) FROM json_each(?) j
      CROSS JOIN invoice_lines l INDEXED BY invoice_lines_by_month
        ON l.is_current AND l.organization_id = j.value AND l.month BETWEEN ? AND ?
      CROSS JOIN invoices i ON i.id = l.invoice_id
      WHERE NOT l.is_withdrawn AND l.issue_status <> 'voided' AND i.voided_at IS NULL
      """,
      JSONEach(organizations), first, last, row: Self.line)
    var found: [OrganizationID: [BillingMonth: [InvoiceLine]]] = [:]
    for line in lines {
      guard let organization = line.content.organization, let month = line.content.month else { continue }
      found[organization, default: [:]][month, default: []].append(line)
    }
    return found.mapValues { months in months.mapValues { $0.sorted { $0.key < $1.key } } }
  }

  func unassignedInvoiceLines() throws -> [InvoiceLine] {
    // Two queries, so that each finds its rows by the index.
    try ["l.organization_id IS NULL", "l.organization_id IS NOT NULL AND l.month IS NULL"].flatMap { condition in
      try rows(
        """
        SELECT \(Self.lineColumns) FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
        WHERE l.is_current AND \(condition) AND NOT l.is_withdrawn AND l.issue_status <> 'voided'
          AND i.voided_at IS NULL
        """,
        row: Self.line)
    }.sorted { $0.key < $1.key }
  }

  func invoicedOrganizations(from first: BillingMonth, to last: BillingMonth) throws -> [OrganizationID] {
    try column(
      """
      SELECT DISTINCT l.organization_id FROM invoice_lines l
      WHERE l.is_current AND l.organization_id IS NOT NULL AND l.month BETWEEN ? AND ? ORDER BY l.organization_id
      """,
      first, last)
  }

  func statedTotals() throws -> [StatedTotal] {
    try rows("SELECT invoice_id, kind, currency, amount FROM invoice_totals ORDER BY invoice_id, currency, kind") {
      row in
      StatedTotal(invoice: try row.next(), kind: try row.next(), currency: try row.next(), amount: try row.next())
    }
  }

  func setVoid(_ void: InvoiceVoid?, ofInvoice id: String) throws {
    try run(
      "UPDATE invoices SET void_reason = ?, voided_at = ?, voided_by = ? WHERE id = ?", void?.reason, void?.at,
      void?.by, id)
  }
}
