package import QuotaCore

/// Lists invoices.
package struct ListInvoices: Sendable {
  let database: DatabaseAccess

  /// Every invoice that was imported, by its id.
  ///
  /// - Parameter months: only those with lines for one of these; all for nil.
  package func callAsFunction(months: ClosedRange<BillingMonth>? = nil) async throws -> [StoredInvoice] {
    let invoices = try await database.openForReading().read { try $0.invoices() }
    guard let months else { return invoices }
    return invoices.filter { invoice in
      invoice.lines.contains { line in
        !line.line.content.isWithdrawn && line.line.content.month.map(months.contains) ?? false
      }
    }
  }
}

/// Shows an invoice.
package struct ShowInvoice: Sendable {
  let database: DatabaseAccess

  /// One invoice, every version of its lines, and what it says that it comes to.
  package func callAsFunction(
    _ id: String
  ) async throws -> (invoice: StoredInvoice, versions: [StoredInvoiceLine], totals: [StatedTotal]) {
    let id = id.composed
    return try await database.openForReading().read { reader in
      guard let invoice = try reader.invoice(id) else { throw try reader.unknownInvoice(id) }
      return (invoice, try reader.invoiceLineVersions(of: id), try reader.statedTotals().filter { $0.invoice == id })
    }
  }
}

/// Declares an invoice void, or valid.
package struct VoidInvoice: Sendable {
  let database: DatabaseAccess
  let world: World
  let log: ActLog

  /// Marks an invoice as void: its lines claim nothing any more.
  ///
  /// - Parameter reason: nil makes a void invoice valid again.
  package func callAsFunction(_ id: String, reason: String?, by: String) async throws {
    let id = id.composed
    try await database.writing { store in
      try await store.write { writer in
        guard let invoice = try writer.invoice(id) else { throw try writer.unknownInvoice(id) }
        guard (invoice.void == nil) == (reason != nil) else {
          throw ServiceError(
            .usage, reason == nil ? "invoice \(id) is not void" : "invoice \(id) is void already")
        }
        try writer.setVoid(
          reason.map { InvoiceVoid(reason: $0, at: world.now(), by: by) }, ofInvoice: id)
        try log.note(
          reason == nil ? .restoreInvoice : .voidInvoice,
          reason.map { "declared invoice \(id) void: \($0)" } ?? "declared invoice \(id) valid again", objects: [id],
          in: writer)
      }
    }
  }
}

extension StoreReader {
  fileprivate func unknownInvoice(_ id: String) throws -> ServiceError {
    let known = Set(try invoices().map(\.id))
    let nearest = nearestWord(to: id, among: known).map { "did you mean \"\($0)\"?" }
    return ServiceError(
      .usage, "there is no invoice \"\(id)\"; \(nearest ?? "`quotawatch invoice list` shows what was imported")")
  }
}
