/// The third version of the schema: our own count, closed months and invoices, each part in a file of its own.
enum SchemaVersion3 {
  static let statements = [Ledger.statements, closing, invoices].joined(separator: "\n")
}
