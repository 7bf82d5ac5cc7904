internal import QuotaCore

/// Stores a file of invoices within a transaction.
///
/// What the file had so far is told by the lines' import, and for those that an earlier file had by temporary tables: so
/// a file of new lines costs nothing but their insertion.
final class InvoiceImportSession: InvoiceImporting {
  private(set) var count = InvoiceImportCount()
  private let transaction: StoreTransaction
  private let file: InvoiceImport
  /// Nil until there is something to store.
  private var importID: Int64?
  /// The invoice of the line before, which is noted already.
  private var latestInvoice: String?

  init(_ file: InvoiceImport, in transaction: StoreTransaction) throws {
    self.file = file
    self.transaction = transaction
    try transaction.keepPages(kibibytes: 16_384)
    for (table, columns) in [
      // Invoices of the file; lines of it that an earlier file had; totals.
      ("imported_invoices", "invoice_id TEXT PRIMARY KEY, is_new INTEGER"),
      ("imported_lines", "invoice_id TEXT, line_id TEXT, PRIMARY KEY (invoice_id, line_id)"),
      (
        "imported_totals",
        "invoice_id TEXT, currency TEXT, kind TEXT, amount TEXT, PRIMARY KEY (invoice_id, currency, kind, amount)"
      ),
    ] {
      try transaction.run("CREATE TEMP TABLE IF NOT EXISTS \(table) (\(columns)) WITHOUT ROWID")
      try transaction.run("DELETE FROM temp.\(table)")
    }
  }

  func take(_ line: InvoiceLine) throws -> Bool {
    try note(line.key.invoice)
    let id = try currentImport()
    if try insert(line, version: 1, importID: id) {
      count.added += 1
      return true
    }
    guard let latest = try latestVersion(of: line.key), latest.importID != id, try isFirst(line.key) else {
      return false
    }
    if latest.content == line.content {
      count.unchanged += 1
    } else {
      try add(line, after: latest.version, importID: id)
    }
    return true
  }

  func takeEmpty(_ part: InvoiceLine) throws {
    guard try latestVersion(of: part.key) != nil else { return }
    _ = try take(part)
  }

  func take(_ total: StatedTotal) throws {
    try transaction.run(
      "INSERT OR IGNORE INTO temp.imported_totals (invoice_id, currency, kind, amount) VALUES (?, ?, ?, ?)",
      total.invoice, total.currency, total.kind, total.amount)
  }

  func withdraw(_ line: InvoiceLine) throws {
    guard let latest = try latestVersion(of: line.key) else { return }
    try add(line.withdrawn, after: latest.version, importID: currentImport())
  }

  func finish(replacing: Bool) throws {
    if replacing {
      try transaction.run(
        "DELETE FROM invoice_totals WHERE invoice_id IN (SELECT invoice_id FROM temp.imported_invoices)")
    }
    try transaction.run(
      """
      INSERT INTO invoice_totals (invoice_id, currency, kind, amount)
      SELECT invoice_id, currency, kind, amount FROM temp.imported_totals WHERE true
      ON CONFLICT (invoice_id, currency, kind) DO UPDATE SET amount = excluded.amount
      """)
    // A file that tells nothing new leaves no trace.
    if count.added + count.changed == 0, let importID {
      try transaction.run("DELETE FROM invoice_imports WHERE id = ?", importID)
    }
  }
}

// MARK: - What the file had

extension InvoiceImportSession {
  func invoiceCount() throws -> Int {
    try transaction.value("SELECT count(*) FROM temp.imported_invoices") ?? 0
  }

  /// What tells of `invoice_lines l` that the file does not have it; its parameter is the import.
  private static let isMissing = """
    l.is_current AND NOT l.is_withdrawn AND l.import_id <> ? AND NOT EXISTS (SELECT 1 FROM temp.imported_lines s
      WHERE s.invoice_id = l.invoice_id AND s.line_id = l.line_id)
    """

  func invoicesWithMissingLines() throws -> [String] {
    try transaction.column(
      """
      SELECT i.invoice_id FROM temp.imported_invoices i WHERE NOT i.is_new AND EXISTS (
        SELECT 1 FROM invoice_lines l INDEXED BY invoice_lines_current
        WHERE l.invoice_id = i.invoice_id AND \(Self.isMissing))
      ORDER BY i.invoice_id
      """, importID ?? 0)
  }

  func missingLines(of invoice: String) throws -> [InvoiceLine] {
    try transaction.rows(
      """
      SELECT \(StoreTransaction.lineColumns) FROM invoice_lines l INDEXED BY invoice_lines_current
      WHERE l.invoice_id = ? AND \(Self.isMissing) ORDER BY l.line_id
      """, invoice, importID ?? 0, row: StoreTransaction.line)
  }

  func ownLines(of invoice: String) throws -> [InvoiceLine] {
    try transaction.rows(
      """
      SELECT \(StoreTransaction.lineColumns) FROM invoice_lines l INDEXED BY invoice_lines_current
      WHERE l.invoice_id = ? AND l.is_current AND (l.import_id = ? OR EXISTS (SELECT 1 FROM temp.imported_lines s
        WHERE s.invoice_id = l.invoice_id AND s.line_id = l.line_id))
      ORDER BY l.line_id
      """, invoice, importID ?? 0, row: StoreTransaction.line)
  }

  func totals(of invoice: String) throws -> [StatedTotal] { try totals(where: "t.invoice_id = ?", invoice) }

  func totalsWithoutLines() throws -> [StatedTotal] {
    let condition = "t.invoice_id NOT IN (SELECT invoice_id FROM temp.imported_invoices)"
    let totals = try totals(where: condition)
    if !totals.isEmpty { try transaction.run("DELETE FROM temp.imported_totals AS t WHERE \(condition)") }
    return totals
  }

  func ambiguousTotals() throws -> [StatedTotal] {
    try totals(
      where: """
        EXISTS (SELECT 1 FROM temp.imported_totals o WHERE o.invoice_id = t.invoice_id AND o.currency = t.currency
          AND o.kind = t.kind AND o.amount <> t.amount)
        """)
  }

  private func totals<each Value: SQLBindable>(
    where condition: String, _ values: repeat each Value
  ) throws -> [StatedTotal] {
    try transaction.rows(
      """
      SELECT t.invoice_id, t.kind, t.currency, t.amount FROM temp.imported_totals t WHERE \(condition)
      ORDER BY t.invoice_id, t.kind, t.currency, t.amount
      """, repeat each values
    ) { row in
      StatedTotal(invoice: try row.next(), kind: try row.next(), currency: try row.next(), amount: try row.next())
    }
  }
}

// MARK: - Rows

extension InvoiceImportSession {
  private func currentImport() throws -> Int64 {
    if let importID { return importID }
    let id = try transaction.insert(
      """
      INSERT INTO invoice_imports (file_name, file_hash, mapping, imported_at, imported_by) VALUES (?, ?, ?, ?, ?)
      """,
      file.fileName, file.fileHash, file.mapping, file.importedAt, file.importedBy)
    importID = id
    return id
  }

  private func note(_ invoice: String) throws {
    guard invoice != latestInvoice else { return }
    latestInvoice = invoice
    let isNew = try transaction.run("INSERT INTO invoices (id) VALUES (?) ON CONFLICT (id) DO NOTHING", invoice) > 0
    try transaction.run(
      "INSERT OR IGNORE INTO temp.imported_invoices (invoice_id, is_new) VALUES (?, ?)", invoice, isNew)
  }

  /// Notes that the file has a line that an earlier one had; false if that is noted already.
  private func isFirst(_ key: InvoiceLineKey) throws -> Bool {
    try transaction.run(
      "INSERT OR IGNORE INTO temp.imported_lines (invoice_id, line_id) VALUES (?, ?)", key.invoice, key.line) > 0
  }

  private func latestVersion(
    of key: InvoiceLineKey
  ) throws -> (version: Int64, importID: Int64, content: InvoiceLineContent)? {
    try transaction.first(
      """
      SELECT \(StoreTransaction.lineColumns), l.version, l.import_id
      FROM invoice_lines l INDEXED BY invoice_lines_current
      WHERE l.invoice_id = ? AND l.line_id = ? AND l.is_current
      """,
      key.invoice, key.line
    ) { row in
      let content = try StoreTransaction.line(&row).content
      return (try row.next(), try row.next(), content)
    }
  }

  private func add(_ line: InvoiceLine, after version: Int64, importID: Int64) throws {
    try transaction.run(
      "UPDATE invoice_lines SET is_current = 0 WHERE invoice_id = ? AND line_id = ? AND is_current", line.key.invoice,
      line.key.line)
    _ = try insert(line, version: version + 1, importID: importID)
    count.changed += 1
  }

  /// False if the line has a present version.
  private func insert(_ line: InvoiceLine, version: Int64, importID: Int64) throws -> Bool {
    let (key, content) = (line.key, line.content)
    return try transaction.run(
      """
      INSERT INTO invoice_lines (invoice_id, line_id, version, is_current, organization_id, organization_text, month,
        charge_category, metric, quantity, unit_price, amount, currency, description, is_proration, issue_status,
        is_withdrawn, unknown_because, import_id)
      VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (invoice_id, line_id) WHERE is_current DO NOTHING
      """,
      key.invoice, key.line, version, content.organization, content.organizationText, content.month, content.category,
      content.metric, content.quantity, content.unitPrice, content.amount, content.currency, content.description,
      content.isProration, content.issueStatus, content.isWithdrawn, content.unknownBecause, importID) > 0
  }
}

extension StoreTransaction {
  func importing(_ file: InvoiceImport) throws -> any InvoiceImporting {
    try InvoiceImportSession(file, in: self)
  }
}
