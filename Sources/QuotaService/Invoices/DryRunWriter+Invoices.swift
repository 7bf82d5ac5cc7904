import QuotaCore

extension DryRunWriter {
  func invoices() throws -> [StoredInvoice] { try base?.invoices() ?? [] }

  func invoice(_ id: String) throws -> StoredInvoice? { try base?.invoice(id) }

  func invoiceLineVersions(of invoice: String) throws -> [StoredInvoiceLine] {
    try base?.invoiceLineVersions(of: invoice) ?? []
  }

  func invoiceLines(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: [InvoiceLine]]] {
    try base?.invoiceLines(of: organizations, from: first, to: last) ?? [:]
  }

  func unassignedInvoiceLines() throws -> [InvoiceLine] { try base?.unassignedInvoiceLines() ?? [] }

  func invoicedOrganizations(from first: BillingMonth, to last: BillingMonth) throws -> [OrganizationID] {
    try base?.invoicedOrganizations(from: first, to: last) ?? []
  }

  func statedTotals() throws -> [StatedTotal] { try base?.statedTotals() ?? [] }

  func state(_ totals: [StatedTotal]) {}

  /// What the import would do.
  func importLines(_ lines: [InvoiceLine], of file: InvoiceImport) throws -> InvoiceImportCount {
    var count = InvoiceImportCount()
    for (invoice, lines) in Dictionary(grouping: lines, by: \.key.invoice) {
      let known = Dictionary(
        (try base?.invoice(invoice)?.lines ?? []).map { ($0.line.key, $0.line.content) }
      ) { _, last in last }
      for line in lines {
        switch known[line.key] {
        case nil: count.added += 1
        case line.content: count.unchanged += 1
        default: count.changed += 1
        }
      }
    }
    return count
  }

  func setVoid(_ void: InvoiceVoid?, ofInvoice id: String) {}
}
