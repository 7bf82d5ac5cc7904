/// The third version of the schema: our own count, closed months, invoices and what persons say of
/// the reconciliation, each part in a file of its own.
enum SchemaVersion3 {
  static let statements = [Ledger.statements, closing, invoices, reviews].joined(separator: "\n")
}
