import QuotaCore

/// An import as JSON.
package struct InvoiceImportOutput: Encodable {
  struct MappedField: Encodable {
    let field: String
    let source: String
    let example: String?
  }

  let dryRun: Bool
  let file: String
  let fileHash: String
  let mapping: String
  let added: Int
  let changed: Int
  let unchanged: Int
  let withdrawn: Int
  let skipped: Int
  let fields: [MappedField]
  let warnings: [String]
  /// The first thousand, as `missingLines`.
  let unknownLines: [InvoiceLineOutput]
  let unknownCount: Int
  let missingLines: [InvoiceLineOutput]
  let missingCount: Int

  package init(_ report: ImportInvoices.Report, dryRun: Bool) {
    self.dryRun = dryRun
    file = report.source.fileName
    fileHash = report.source.fileHash
    mapping = report.source.mapping
    added = report.count.added
    changed = report.count.changed - report.withdrawn
    unchanged = report.count.unchanged
    withdrawn = report.withdrawn
    skipped = report.skipped
    fields = report.fields.map { MappedField(field: $0.name, source: $0.source, example: $0.example) }
    warnings = report.warnings
    unknownLines = report.unknown.map { InvoiceLineOutput($0) }
    unknownCount = report.unknownCount
    missingLines = report.missing.map { InvoiceLineOutput($0) }
    missingCount = report.missingCount
  }
}
