import FoundationEssentials
package import QuotaCore

/// A line of an invoice as JSON.
package struct InvoiceLineOutput: Encodable {
  let invoiceId: String
  let lineId: String
  let version: Int64?
  let organizationId: OrganizationID?
  let organizationText: String
  let month: BillingMonth?
  let chargeCategory: ChargeCategory?
  let metric: Metric?
  let quantity: ExactDecimal?
  let unitPrice: ExactDecimal?
  let amount: ExactDecimal
  let currency: Currency
  let description: String?
  let proration: Bool
  let issueStatus: InvoiceIssueStatus
  let withdrawn: Bool
  let unknownBecause: String?
  let file: String?
  let fileHash: String?
  let importedAt: Date?

  package init(_ stored: StoredInvoiceLine) {
    self.init(stored.line, version: stored.version, source: stored.source)
  }

  package init(_ line: InvoiceLine, version: Int64? = nil, source: InvoiceImport? = nil) {
    let content = line.content
    invoiceId = line.key.invoice
    lineId = line.key.line
    self.version = version
    organizationId = content.organization
    organizationText = content.organizationText
    month = content.month
    chargeCategory = content.category
    metric = content.metric
    quantity = content.quantity
    unitPrice = content.unitPrice
    amount = content.amount
    currency = content.currency
    description = content.description
    proration = content.isProration
    issueStatus = content.issueStatus
    withdrawn = content.isWithdrawn
    unknownBecause = content.unknownBecause
    file = source?.fileName
    fileHash = source?.fileHash
    importedAt = source?.importedAt
  }
}
