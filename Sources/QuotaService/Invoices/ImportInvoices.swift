package import QuotaCore
import Reports

/// Imports invoices.
package struct ImportInvoices: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World
  let log: ActLog

  /// How `invoice import` is to be run.
  package struct Options: Sendable {
    package let path: String
    package let by: String
    /// The name of a ready mapping, or the path of a mapping file.
    package var mapping = InvoiceMapping.Ready.plain.rawValue
    /// The sheet of a workbook; its first without.
    package var sheet: String?
    /// Reads and shows, stores nothing.
    package var dryRun = false
    /// Whether the lines that the file's invoices had, and the file does not have, are withdrawn.
    package var replaces = false

    package init(path: String, by: String) {
      self.path = path
      self.by = by
    }
  }

  /// What an import did, or would do. Lines are listed as far as somebody would look at them.
  package struct Report: Sendable {
    package let source: InvoiceImport
    package let fields: [InvoiceFile.FieldReading]
    /// The first lines.
    package let lines: [InvoiceLine]
    package let lineCount: Int
    package let invoiceCount: Int
    /// Rows that the mapping says are no lines.
    package let skipped: Int
    package let count: InvoiceImportCount
    /// What a person should look at although the file can be read.
    package let warnings: [String]
    /// The first lines that stand for nothing that is known, and how many there are.
    package let unknown: [InvoiceLine]
    package let unknownCount: Int
    /// Lines of earlier files that were withdrawn.
    package let withdrawn: Int
    /// The first lines of earlier files that the file does not have, and that still count; and how many there are.
    package let missing: [InvoiceLine]
    package let missingCount: Int
  }

  /// How many lines of a kind are listed.
  static let listed = 1_000

  /// Reads a file of invoices and stores its lines: all of them, or none if anything cannot be read.
  package func callAsFunction(_ options: Options) async throws -> Report {
    let mapping = try invoiceMapping(options.mapping)
    let bytes = try InvoiceBytes(options.path)
    let source = InvoiceImport(
      fileName: options.path.split(separator: "/").last.map(String.init) ?? options.path, fileHash: bytes.hash,
      mapping: mapping.name, importedAt: world.now(), importedBy: options.by)
    let configured = configuration.organizations.map(\.organization.id)
    let store: @Sendable (any StoreWriter) throws -> Report = { writer in
      let known = Set(configured).union(try writer.organizations().map(\.id))
      let file = InvoiceFile(
        mapping: mapping.mapping, organizations: known, zone: configuration.billingTimeZone, hash: source.fileHash,
        sheet: options.sheet, inflate: Inflater.inflate)
      let report = try self.store(bytes, file, source, options, try writer.importing(source))
      if !options.dryRun {
        try log.note(.importInvoice, "imported \(report.words)", objects: [source.fileName], in: writer)
      }
      return report
    }
    return options.dryRun
      ? try await database.dryRunning { try await $0.dryRun(store) }
      : try await database.writing { try await $0.write(store) }
  }

  private func store(
    _ bytes: InvoiceBytes, _ file: InvoiceFile, _ source: InvoiceImport, _ options: Options,
    _ importing: any InvoiceImporting
  ) throws -> Report {
    var file = file
    let sink = ReportedLines(importing)
    try bytes.forEachPiece { try file.read($0, into: sink) }
    try file.finish(into: sink)
    guard file.problems.isEmpty else {
      throw ServiceError(
        .badData,
        lines: file.problems.map { "\(source.fileName): \($0)" } + ["nothing was imported from \(source.fileName)"])
    }
    var withdrawn = 0
    var missing: [InvoiceLine] = []
    var missingCount = 0
    let voided = Set(file.voided.map(\.composed))
    let named = voided.union(file.withoutLines.map(\.composed))
    for invoice in named.union(try importing.invoicesWithMissingLines()).sorted() {
      let lines = try importing.missingLines(of: invoice)
      guard !lines.isEmpty else { continue }
      let change = InvoiceChange(
        lines: try importing.ownLines(of: invoice), missing: lines, totals: try importing.totals(of: invoice),
        isWhole: options.replaces || voided.contains(invoice))
      guard !change.wouldCountTwice else {
        throw ServiceError(
          .badData,
          "\(source.fileName): invoice \(invoice) has lines of another file already, and those or the file's own have no "
            + "ids, so they would count twice; map \"line_id\" to a column, or let the file replace them with --replace"
        )
      }
      for line in change.withdrawn { try importing.withdraw(line) }
      withdrawn += change.withdrawn.count
      let claiming = change.kept.filter { !$0.content.claimsNothing }
      missingCount += claiming.count
      missing += claiming.prefix(Self.listed - missing.count)
    }
    try importing.finish(replacing: options.replaces)
    return Report(
      source: source, fields: file.fields, lines: sink.first, lineCount: file.lineCount,
      invoiceCount: try importing.invoiceCount(), skipped: file.skipped, count: importing.count,
      warnings: file.warnings, unknown: sink.unknown, unknownCount: sink.unknownCount, withdrawn: withdrawn,
      missing: missing, missingCount: missingCount)
  }

  // MARK: - Files

  /// A ready mapping by its name, or the mapping in a file.
  private func invoiceMapping(_ text: String) throws -> (name: String, mapping: InvoiceMapping) {
    if let ready = InvoiceMapping.Ready(rawValue: text) { return (text, ready.mapping) }
    var bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try LocalFile(opening: text, waiting: true).contents(atMost: 1 << 24)
    } catch {
      let known = InvoiceMapping.Ready.allCases.map(\.rawValue)
      throw ServiceError(
        error.isMissing ? .usage : .inputOutput,
        "cannot read the mapping \(text): \(error.message)\(suggestion(for: text, among: known))")
    }
    // Editors write a byte order mark.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    let issues = ConfigurationIssues(source: bytes, file: text)
    var mapping: InvoiceMapping?
    do throws(JSONSyntaxError) {
      mapping = ConfigurationNode(try JSONParser.parse(bytes), issues: issues).decoded(as: InvoiceMapping.shape)
    } catch {
      issues.report("not JSON: \(error.message)", path: "", offset: error.offset)
    }
    guard let mapping, issues.isEmpty else {
      throw ServiceError(.configuration, lines: issues.lines)
    }
    return (text.split(separator: "/").last.map(String.init) ?? text, mapping)
  }
}

extension ImportInvoices.Report {
  /// What became of the lines.
  package var words: String {
    let skipped = skipped > 0 ? ", \(skipped.counted("row")) skipped" : ""
    let gone = withdrawn > 0 ? ", \(withdrawn.grouped) withdrawn" : ""
    return "\(lineCount.counted("line")) of \(invoiceCount.counted("invoice")): \(count.added.grouped) new, "
      + "\((count.changed - withdrawn).grouped) changed, \(count.unchanged.grouped) known\(gone)\(skipped)"
  }
}

/// Hands lines on, with ids of one form, and keeps those that are told of.
private final class ReportedLines: InvoiceSink {
  private let importing: any InvoiceImporting
  private(set) var first: [InvoiceLine] = []
  private(set) var unknown: [InvoiceLine] = []
  private(set) var unknownCount = 0

  init(_ importing: any InvoiceImporting) {
    self.importing = importing
  }

  func take(_ line: InvoiceLine) throws -> Bool {
    if first.count < ImportInvoices.listed { first.append(line) }
    if line.content.unknownBecause != nil {
      unknownCount += 1
      if unknown.count < ImportInvoices.listed { unknown.append(line) }
    }
    return try importing.take(line.composed)
  }

  func takeEmpty(_ part: InvoiceLine) throws { try importing.takeEmpty(part.composed) }
  func take(_ total: StatedTotal) throws { try importing.take(total.composed) }
  func totalsWithoutLines() throws -> [StatedTotal] { try importing.totalsWithoutLines() }
  func ambiguousTotals() throws -> [StatedTotal] { try importing.ambiguousTotals() }
}
