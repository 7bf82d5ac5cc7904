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
    try first(
      """
      SELECT \(Self.lineColumns), l.version FROM invoice_lines l INDEXED BY invoice_lines_current
      WHERE l.invoice_id = ? AND l.line_id = ? AND l.is_current
      """,
      key.invoice, key.line
    ) { row in
      let content = try Self.line(&row).content
      return (try row.next(), content)
    }
  }

  private func retire(_ key: InvoiceLineKey) throws {
    try run(
      "UPDATE invoice_lines SET is_current = 0 WHERE invoice_id = ? AND line_id = ? AND is_current", key.invoice,
      key.line)
  }

  private func insert(_ file: InvoiceImport) throws -> Int64 {
    try insert(
      """
      INSERT INTO invoice_imports (file_name, file_hash, mapping, imported_at, imported_by) VALUES (?, ?, ?, ?, ?)
      """,
      file.fileName, file.fileHash, file.mapping, file.importedAt, file.importedBy)
  }

  private func insert(_ line: InvoiceLine, version: Int64, importID: Int64) throws {
    let (key, content) = (line.key, line.content)
    try run("INSERT INTO invoices (id) VALUES (?) ON CONFLICT (id) DO NOTHING", key.invoice)
    try run(
      """
      INSERT INTO invoice_lines (invoice_id, line_id, version, is_current, organization_id, organization_text, month,
        charge_category, metric, quantity, unit_price, amount, currency, description, is_proration, issue_status,
        is_withdrawn, unknown_because, import_id)
      VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      key.invoice, key.line, version, content.organization, content.organizationText, content.month, content.category,
      content.metric, content.quantity, content.unitPrice, content.amount, content.currency, content.description,
      content.isProration, content.issueStatus, content.isWithdrawn, content.unknownBecause, importID)
  }
}
