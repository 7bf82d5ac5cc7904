package import QuotaCore

extension Service {
  /// Every invoice that was imported, by its id.
  ///
  /// - Parameter month: only those with lines for this month.
  package func invoices(month: BillingMonth?) async throws -> [StoredInvoice] {
    let invoices = try await openForReading().read { try $0.invoices() }
    guard let month else { return invoices }
    return invoices.filter { invoice in
      invoice.lines.contains { $0.line.content.month == month && !$0.line.content.isWithdrawn }
    }
  }

  /// One invoice, and every version of its lines.
  package func invoice(_ id: String) async throws -> (invoice: StoredInvoice, versions: [StoredInvoiceLine]) {
    try await openForReading().read { reader in
      guard let invoice = try reader.invoice(id) else { throw try unknownInvoice(id, in: reader) }
      return (invoice, try reader.invoiceLineVersions(of: id))
    }
  }

  /// Marks an invoice as void: its lines claim nothing any more.
  ///
  /// - Parameter reason: nil makes a void invoice valid again.
  package func setVoid(_ id: String, reason: String?, by: String) async throws {
    try await writing { store in
      try await store.write { writer in
        guard let invoice = try writer.invoice(id) else { throw try unknownInvoice(id, in: writer) }
        guard (invoice.void == nil) == (reason != nil) else {
          throw ServiceError(
            .usage, reason == nil ? "invoice \(id) is not void" : "invoice \(id) is void already")
        }
        try writer.setVoid(
          reason.map { InvoiceVoid(reason: $0, at: world.now(), by: by) }, ofInvoice: id)
      }
    }
  }

  private func unknownInvoice(_ id: String, in reader: any StoreReader) throws -> ServiceError {
    let known = Set(try reader.invoices().map(\.id))
    let nearest = nearestWord(to: id, among: known).map { "did you mean \"\($0)\"?" }
    return ServiceError(
      .usage, "there is no invoice \"\(id)\"; \(nearest ?? "`quotawatch invoice list` shows what was imported")")
  }
}
