extension InvoiceMapping {
  /// The mappings that need no file.
  package enum Ready: String, CaseIterable, Sendable {
    /// A table with our own names as columns.
    case plain
    /// Line items as Stripe's API, Sigma and data pipeline export them.
    case stripe

    package var mapping: InvoiceMapping {
      switch self {
      case .plain: InvoiceMapping.plain
      case .stripe: InvoiceMapping.stripe
      }
    }
  }

  /// Our own words for categories, metrics and statuses, which every mapping knows.
  private static var ownWords: InvoiceMapping {
    var mapping = InvoiceMapping()
    mapping.metrics = WordMap(Metric.allCases.map { ($0.rawValue, $0) })
    mapping.categories = WordMap(ChargeCategory.allCases.map { ($0.rawValue, $0) })
    mapping.issueStatuses = WordMap(InvoiceIssueStatus.allCases.map { ($0.rawValue, $0) })
    return mapping
  }

  /// What a mapping of somebody's own begins with.
  package static var empty: InvoiceMapping { ownWords }

  private static var plain: InvoiceMapping {
    var mapping = ownWords
    mapping.fields = [
      .invoiceID: .columns(["invoice_id"]), .lineID: .columns(["line_id"]),
      .organization: .columns(["organization_id"]), .month: .columns(["period", "month"]),
      .category: .columns(["charge_category", "category"]), .metric: .columns(["metric"]),
      .quantity: .columns(["quantity"]), .unitPrice: .columns(["unit_price"]), .amount: .columns(["amount"]),
      .currency: .columns(["currency"]), .description: .columns(["description"]),
      .proration: .columns(["proration"]), .issueStatus: .columns(["invoice_issue_status", "issue_status"]),
      .invoiceTotal: .columns(["invoice_total"]), .invoiceNet: .columns(["invoice_net"]),
      .invoiceTax: .columns(["invoice_tax"]),
    ]
    mapping.optionalFields = [
      .lineID, .category, .metric, .quantity, .unitPrice, .description, .proration, .issueStatus, .invoiceTotal,
      .invoiceNet, .invoiceTax,
    ]
    return mapping
  }

  /// Amounts in Stripe's minor units, currencies in lower case, periods in seconds since 1970 or in UTC; an invoice object,
  /// a list of them or of line items, or a table of line items. Taxes and discounts, which stand in lists beside a line's
  /// amount, are lines of their own. Stripe's text for a line of usage is `1234 × Pages (at $0.01 / month)`; a line of a
  /// subscription that counts nothing is a fee.
  private static var stripe: InvoiceMapping {
    var mapping = ownWords
    mapping.amounts = .stripe
    mapping.dates = [
      "unix", "iso8601", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.S", "yyyy-MM-dd HH:mm:ss z",
      "yyyy-MM-dd HH:mm:ss.S z", "yyyy-MM-dd",
    ].compactMap { DateGrammar(pattern: $0) }
    mapping.invoicesPath = "data"
    mapping.linesPath = "lines.data"
    mapping.takesBareLines = true
    mapping.fields = [
      .invoiceID: .columns(["invoice", "invoice_id", "^id"]),
      .lineID: .columns(["id", "invoice_line_item_id", "line_item_id"]),
      .organization: .columns(["^metadata.organization_id", "^customer.id", "^customer", "customer_id", "customer"]),
      .periodStart: .columns(["period.start", "period_start"]), .periodEnd: .columns(["period.end", "period_end"]),
      .category: .columns(["type", "parent.type"]), .metric: .columns(["description"]),
      .quantity: .columns(["quantity"]),
      .unitPrice: .columns(["pricing.unit_amount_decimal", "price.unit_amount_decimal", "unit_amount_decimal"]),
      .amount: .columns(["amount"]), .currency: .columns(["currency"]), .description: .columns(["description"]),
      .proration: .columns(["proration", "parent.*.proration"]),
      .issueStatus: .columns(["^status", "invoice_status", "status"]), .invoiceTotal: .columns(["^total"]),
      .invoiceTax: .columns(["^total_taxes.*.amount", "^total_tax_amounts.*.amount", "^tax"]),
    ]
    mapping.optionalFields = [
      .periodStart, .periodEnd, .category, .metric, .quantity, .unitPrice, .description, .proration, .issueStatus,
      .invoiceTotal, .invoiceTax,
    ]
    mapping.parts = stripeParts
    for (word, metric) in [("page", Metric.pages), ("conversion", .conversions)] {
      for pattern in ["\(word)s", "* × \(word)s (*", "* × \(word) (*", "\(word)s (*"] {
        mapping.metrics.add(pattern, metric)
      }
    }
    for word in ["subscription", "subscription_item_details"] { mapping.impliedCategories.add(word, .purchase) }
    for (word, status) in [
      ("draft", InvoiceIssueStatus.open), ("open", .issued), ("paid", .issued), ("uncollectible", .issued),
      ("void", .voided), ("deleted", .voided),
    ] {
      mapping.issueStatuses.add(word, status)
    }
    return mapping
  }

  /// The names of a line's taxes have changed between versions of the API. Of the credits before tax, those of the type
  /// `discount` are the discounts once more.
  private static var stripeParts: [Part] {
    [
      Part(
        columns: ["taxes.*[tax_behavior!=inclusive].amount", "tax_amounts.*[inclusive!=true].amount"], category: .tax,
        isOptional: true, id: "tax"),
      Part(
        columns: ["taxes.*[tax_behavior=inclusive].amount", "tax_amounts.*[inclusive=true].amount"], category: .tax,
        isIncluded: true, isOptional: true, id: "tax-included"),
      Part(
        columns: ["discount_amounts.*.amount"], category: .credit, negative: true, isOptional: true, id: "credit"),
      Part(
        columns: ["pretax_credit_amounts.*[type=credit_balance_transaction].amount"], category: .credit, negative: true,
        isOptional: true, id: "credit-balance"),
    ]
  }
}
