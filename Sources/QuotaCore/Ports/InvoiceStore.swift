package import FoundationEssentials

/// Reads the invoices that were imported.
package protocol InvoiceReader {
  /// Every invoice, by its id.
  func invoices() throws -> [StoredInvoice]

  func invoice(_ id: String) throws -> StoredInvoice?

  /// Every version of every line of an invoice, by line and version.
  func invoiceLineVersions(of invoice: String) throws -> [StoredInvoiceLine]

  /// The present lines of organizations' months, in the order of their keys; without withdrawn lines and void invoices.
  func invoiceLines(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: [InvoiceLine]]]

  /// The present lines whose organization or month is not known, in the order of their keys; likewise.
  func unassignedInvoiceLines() throws -> [InvoiceLine]

  /// The organizations that present lines are for, by id.
  func invoicedOrganizations(from first: BillingMonth, to last: BillingMonth) throws -> [OrganizationID]

  /// What invoices say that they come to, by invoice.
  func statedTotals() throws -> [StatedTotal]
}

/// Adds and voids invoices.
package protocol InvoiceWriter: InvoiceReader {
  /// Begins to store the lines of a file, one file after the other in a transaction.
  func importing(_ file: InvoiceImport) throws -> any InvoiceImporting

  /// Marks an invoice as void, or as valid again with nil.
  func setVoid(_ void: InvoiceVoid?, ofInvoice id: String) throws
}

/// Stores the lines of a file as they are read, so that memory does not grow with it.
///
/// A line that is there already and says the same is left as it is; one that says something else becomes a new version,
/// and the old one is kept.
package protocol InvoiceImporting: InvoiceSink {
  /// What was done so far.
  var count: InvoiceImportCount { get }

  /// How many invoices the file has lines of.
  func invoiceCount() throws -> Int

  /// The invoices of the file that have present lines of earlier files which it does not have, by id.
  func invoicesWithMissingLines() throws -> [String]

  /// Those lines of an invoice.
  func missingLines(of invoice: String) throws -> [InvoiceLine]

  /// The lines of an invoice that the file has.
  func ownLines(of invoice: String) throws -> [InvoiceLine]

  /// What the file says that an invoice comes to.
  func totals(of invoice: String) throws -> [StatedTotal]

  /// Stores that a line of an earlier file claims nothing any more.
  func withdraw(_ line: InvoiceLine) throws

  /// Ends the file: what it says that invoices come to counts instead of what earlier ones said.
  ///
  /// - Parameter replacing: whether of its invoices nothing counts that earlier ones said.
  func finish(replacing: Bool) throws
}

/// A file that was imported.
package struct InvoiceImport: Hashable, Sendable {
  /// The file's name, without its directories.
  package let fileName: String
  /// The SHA-256 of its bytes.
  package let fileHash: String
  /// The name of the mapping that it was read with.
  package let mapping: String
  package let importedAt: Date
  package let importedBy: String

  package init(fileName: String, fileHash: String, mapping: String, importedAt: Date, importedBy: String) {
    self.fileName = fileName
    self.fileHash = fileHash
    self.mapping = mapping
    self.importedAt = importedAt
    self.importedBy = importedBy
  }
}

/// What an import did.
package struct InvoiceImportCount: Hashable, Codable, Sendable {
  package var added = 0
  /// Lines that got a new version.
  package var changed = 0
  package var unchanged = 0

  package init() {}
}

/// That an invoice claims nothing any more.
package struct InvoiceVoid: Hashable, Sendable {
  package let reason: String
  package let at: Date
  package let by: String

  package init(reason: String, at: Date, by: String) {
    self.reason = reason
    self.at = at
    self.by = by
  }
}

/// An invoice, summed up over its present lines.
package struct StoredInvoice: Sendable {
  package let id: String
  package let void: InvoiceVoid?
  /// The present lines.
  package let lines: [StoredInvoiceLine]

  package init(id: String, void: InvoiceVoid?, lines: [StoredInvoiceLine]) {
    self.id = id
    self.void = void
    self.lines = lines
  }
}

/// One version of a line.
package struct StoredInvoiceLine: Sendable {
  package let line: InvoiceLine
  /// From 1.
  package let version: Int64
  package let source: InvoiceImport

  package init(line: InvoiceLine, version: Int64, source: InvoiceImport) {
    self.line = line
    self.version = version
    self.source = source
  }
}
