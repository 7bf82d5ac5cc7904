package import QuotaCore
import Reports

/// Imports invoices.
package struct ImportInvoices: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let world: World

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

  /// What an import did, or would do.
  package struct Report: Sendable {
    package let source: InvoiceImport
    package let fields: [InvoiceFile.FieldReading]
    package let lines: [InvoiceLine]
    /// Rows that the mapping says are no lines.
    package let skipped: Int
    package let count: InvoiceImportCount
    /// What a person should look at although the file can be read.
    package let warnings: [String]
    /// Lines of earlier files that were withdrawn.
    package let withdrawn: Int
    /// Lines of earlier files that the file does not have, and that still count.
    package let missing: [InvoiceLine]

    package var unknown: [InvoiceLine] { lines.filter { $0.content.unknownBecause != nil } }
    package var invoices: Int { Set(lines.map(\.key.invoice)).count }
  }

  /// Reads a file of invoices and stores its lines: all of them, or none if anything cannot be read.
  package func callAsFunction(_ options: Options) async throws -> Report {
    let mapping = try invoiceMapping(options.mapping)
    let bytes = try Self.bytes(of: options.path)
    let source = InvoiceImport(
      fileName: options.path.split(separator: "/").last.map(String.init) ?? options.path,
      fileHash: ContentDigest.sha256(bytes), mapping: mapping.name, importedAt: world.now(), importedBy: options.by)
    let configured = configuration.organizations.map(\.organization.id)
    let store: @Sendable (any StoreWriter) throws -> Report = { writer in
      try self.store(bytes, mapping.mapping, source, options, configured, in: writer)
    }
    return options.dryRun
      ? try await database.dryRunning { try await $0.dryRun(store) }
      : try await database.writing { try await $0.write(store) }
  }

  private func store(
    _ bytes: [UInt8], _ mapping: InvoiceMapping, _ source: InvoiceImport, _ options: Options,
    _ configured: [OrganizationID], in writer: any StoreWriter
  ) throws -> Report {
    let known = Set(configured).union(try writer.organizations().map(\.id))
    let file = InvoiceFile(
      bytes, mapping: mapping, organizations: known, zone: configuration.billingTimeZone, hash: source.fileHash,
      sheet: options.sheet,
      inflate: Inflater.inflate)
    guard file.problems.isEmpty else {
      throw ServiceError(
        .badData,
        lines: file.problems.map { "\(source.fileName): \($0)" } + ["nothing was imported from \(source.fileName)"])
    }
    var (withdrawn, missing, parts): ([InvoiceLine], [InvoiceLine], [InvoiceLine]) = ([], [], [])
    let changes = try file.changes { try writer.invoice($0)?.lines.map(\.line) ?? [] }
    for (invoice, change) in changes {
      parts += change.emptiedParts
      if options.replaces || change.isWhole {
        withdrawn += change.missing.map(\.withdrawn)
      } else if change.wouldCountTwice {
        throw ServiceError(
          .badData,
          "\(source.fileName): its lines have no ids, and invoice \(invoice) has lines of another file already, so they "
            + "would count twice; map \"line_id\" to a column, or let the file replace them with --replace")
      } else {
        missing += change.missing.filter { !$0.content.claimsNothing }
      }
    }
    let more = parts + withdrawn
    // A million lines are not copied to add none.
    let count = try writer.importLines(more.isEmpty ? file.lines : file.lines + more, of: source)
    try writer.state(file.totals)
    return Report(
      source: source, fields: file.fields, lines: file.lines, skipped: file.skipped, count: count,
      warnings: file.warnings, withdrawn: withdrawn.count, missing: missing)
  }

  // MARK: - Files

  /// How large a file of invoices may be, in bytes.
  private static let largestFile = 1 << 30

  /// The content of a file of invoices; `-` is the standard input.
  static func bytes(of path: String) throws -> [UInt8] {
    do throws(FileFailure) {
      return try LocalFile(opening: path == "-" ? "/dev/stdin" : path, waiting: true)
        .contents(atMost: Self.largestFile)
    } catch {
      throw ServiceError(.inputOutput, "cannot read \(path): \(error.message)")
    }
  }

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
    let issues = ConfigurationIssues(source: bytes)
    var mapping: InvoiceMapping?
    do throws(JSONSyntaxError) {
      mapping = ConfigurationNode(try JSONParser.parse(bytes), issues: issues).decoded(as: InvoiceMapping.shape)
    } catch {
      issues.report("not JSON: \(error.message)", path: "", offset: error.offset)
    }
    guard let mapping, issues.isEmpty else {
      throw ServiceError(.configuration, lines: issues.sorted.map { $0.line(in: text) })
    }
    return (text.split(separator: "/").last.map(String.init) ?? text, mapping)
  }
}
