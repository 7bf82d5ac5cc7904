/// The third version of the schema: our own count, in the parts that it was made of.
enum SchemaVersion3 {
  static let statements = [Ledger.statements].joined(separator: "\n")
}
