internal import GRDB
internal import QuotaCore

extension StoreTransaction {
  func importLines(_ lines: [InvoiceLine], of file: InvoiceImport) throws -> InvoiceImportCount {
    var count = InvoiceImportCount()
    var importID: Int64?
    for line in lines {
      let latest = try latestVersion(of: line.key)
      guard latest?.content != line.content else {
        count.unchanged += 1
        continue
      }
      let id = try importID ?? insert(file)
      importID = id
      if latest == nil { count.added += 1 } else { count.changed += 1 }
      try retire(line.key)
      try insert(line, version: (latest?.version ?? 0) + 1, importID: id)
    }
    return count
  }

  private func latestVersion(of key: InvoiceLineKey) throws -> (version: Int64, content: InvoiceLineContent)? {
    var query = try SQLQuery(
      """
      SELECT \(Self.lineColumns) FROM invoice_lines l INDEXED BY invoice_lines_current
      WHERE l.invoice_id = ? AND l.line_id = ? AND l.is_current
      """, in: database)
    query.bind(key.invoice)
    query.bind(key.line)
    return try query.next() ? (query.integer(2), try Self.line(query).content) : nil
  }

  private func retire(_ key: InvoiceLineKey) throws {
    var update = try SQLQuery(
      "UPDATE invoice_lines SET is_current = 0 WHERE invoice_id = ? AND line_id = ? AND is_current", in: database)
    update.bind(key.invoice)
    update.bind(key.line)
    try update.run()
  }

  private func insert(_ file: InvoiceImport) throws -> Int64 {
    var insert = try SQLQuery(
      """
      INSERT INTO invoice_imports (file_name, file_hash, mapping, imported_at, imported_by) VALUES (?, ?, ?, ?, ?)
      """, in: database)
    insert.bind(file.fileName)
    insert.bind(file.fileHash)
    insert.bind(file.mapping)
    insert.bind(file.importedAt)
    insert.bind(file.importedBy)
    try insert.run()
    return database.lastInsertedRowID
  }

  private func insert(_ line: InvoiceLine, version: Int64, importID: Int64) throws {
    var invoice = try SQLQuery("INSERT INTO invoices (id) VALUES (?) ON CONFLICT (id) DO NOTHING", in: database)
    invoice.bind(line.key.invoice)
    try invoice.run()
    var insert = try SQLQuery(
      """
      INSERT INTO invoice_lines (invoice_id, line_id, version, is_current, organization_id, organization_text, month,
        charge_category, metric, quantity, unit_price, amount, currency, description, is_proration, issue_status,
        is_withdrawn, unknown_because, import_id)
      VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, in: database)
    let content = line.content
    insert.bind(line.key.invoice)
    insert.bind(line.key.line)
    insert.bind(version)
    insert.bind(content.organization?.rawValue)
    insert.bind(content.organizationText)
    insert.bind(content.month?.description)
    insert.bind(content.category?.rawValue)
    insert.bind(content.metric?.rawValue)
    insert.bind(content.quantity?.description)
    insert.bind(content.unitPrice?.description)
    insert.bind(content.amount.description)
    insert.bind(content.currency.code)
    insert.bind(content.description)
    insert.bind(content.isProration ? 1 : 0)
    insert.bind(content.issueStatus.rawValue)
    insert.bind(content.isWithdrawn ? 1 : 0)
    insert.bind(content.unknownBecause)
    insert.bind(importID)
    try insert.run()
  }
}
