/// One line of an invoice of the vendor, as far as it is understood.
package struct InvoiceLine: Hashable, Sendable {
  package let key: InvoiceLineKey
  package let content: InvoiceLineContent

  package init(key: InvoiceLineKey, content: InvoiceLineContent) {
    self.key = key
    self.content = content
  }
}

/// What identifies a line: importing the same line again changes nothing.
package struct InvoiceLineKey: Hashable, Comparable, Sendable {
  package let invoice: String
  /// The invoice's own id of the line; where it has none, the file's hash and the row.
  package let line: String

  package init(invoice: String, line: String) {
    self.invoice = invoice
    self.line = line
  }

  /// What stands for the id of a line that has none: the first digits of its file's hash, and its row.
  static func rowID(_ row: Int, ofFile hash: String) -> String { "\(hash.prefix(16))#\(row)" }

  /// The file that a line without an id of its own came from; nil for a line with one.
  package var fileOfRow: Substring? {
    guard let mark = line.firstIndex(of: "#"), line.distance(from: line.startIndex, to: mark) == 16,
      line[..<mark].utf8.allSatisfy({ $0.isDigit || (97...102).contains($0) })
    else { return nil }
    return line[..<mark]
  }

  package static func < (first: InvoiceLineKey, second: InvoiceLineKey) -> Bool {
    (first.invoice, first.line) < (second.invoice, second.line)
  }
}

/// What a line says.
package struct InvoiceLineContent: Hashable, Sendable {
  /// Nil where the file's word for it stands for none of ours.
  package var organization: OrganizationID?
  /// What the file calls the organization.
  package var organizationText: String
  /// The billing month that the line is for; nil where its period is not within one.
  package var month: BillingMonth?
  /// Nil where it cannot be told.
  package var category: ChargeCategory?
  /// What is counted, of usage.
  package var metric: Metric?
  package var quantity: ExactDecimal?
  /// In the currency's major unit.
  package var unitPrice: ExactDecimal?
  /// Signed, in the currency's major unit: a credit is negative.
  package var amount: ExactDecimal
  package var currency: Currency
  package var description: String?
  /// Whether the vendor marks the line as an adjustment for a part of a period.
  package var isProration: Bool
  package var issueStatus: InvoiceIssueStatus
  /// Whether a later file of the same invoice does not have the line any more.
  package var isWithdrawn: Bool
  /// Why the line cannot be used; nil for a line that is understood.
  package var unknownBecause: String?

  package init(
    organization: OrganizationID?, organizationText: String, month: BillingMonth?, category: ChargeCategory?,
    metric: Metric? = nil, quantity: ExactDecimal? = nil, unitPrice: ExactDecimal? = nil, amount: ExactDecimal,
    currency: Currency, description: String? = nil, isProration: Bool = false,
    issueStatus: InvoiceIssueStatus = .issued, isWithdrawn: Bool = false, unknownBecause: String? = nil
  ) {
    self.organization = organization
    self.organizationText = organizationText
    self.month = month
    self.category = category
    self.metric = metric
    self.quantity = quantity
    self.unitPrice = unitPrice
    self.amount = amount
    self.currency = currency
    self.description = description
    self.isProration = isProration
    self.issueStatus = issueStatus
    self.isWithdrawn = isWithdrawn
    self.unknownBecause = unknownBecause
  }

  /// The quantity with the sign of the amount: a credit note of 200 pages takes them off, whatever sign it writes.
  package var claimedQuantity: ExactDecimal? {
    guard let quantity, !amount.isZero else { return quantity }
    return amount.isNegative ? -quantity.absolute : quantity.absolute
  }

  /// Whether the line claims neither money nor a quantity.
  package var claimsNothing: Bool { amount.isZero && quantity?.isZero ?? true }
}

/// What kind of charge a line is, in the words of FOCUS.
package enum ChargeCategory: String, Hashable, CaseIterable, Codable, Comparable, Sendable {
  /// For what was consumed.
  case usage
  /// A fee that does not depend on usage.
  case purchase
  case tax
  /// A voucher, discount or refund: lowers the bill.
  case credit
  /// Any other change, such as a correction of an earlier invoice.
  case adjustment

  private var rank: Int {
    switch self {
    case .usage: 0
    case .purchase: 1
    case .adjustment: 2
    case .credit: 3
    case .tax: 4
    }
  }

  package static func < (first: ChargeCategory, second: ChargeCategory) -> Bool { first.rank < second.rank }
}

/// Whether an invoice is a claim, in the words of FOCUS.
package enum InvoiceIssueStatus: String, Hashable, CaseIterable, Codable, Sendable {
  /// Provisional: it may still change.
  case open
  case issued
  /// Retracted: it claims nothing.
  case voided
}
