extension InvoiceMapping {
  /// A mapping file. What it says changes the ready mapping that it begins with.
  package static let shape = Shape.object(
    keys
      .checked(at: "thousands", "decimal") { (mapping: InvoiceMapping) -> String? in
        mapping.numbers.groupSeparators.contains(mapping.numbers.decimalSeparator)
          ? "the decimal and the thousands separator must not be the same" : nil
      }
      .checked(at: "dates") { (mapping: InvoiceMapping) -> String? in
        mapping.pivotYear == nil && mapping.dates.contains(where: \.needsPivot)
          ? "a year of two digits needs \"pivot_year\": the first of the hundred years that it may be, such as 2000"
          : nil
      }
      .checked(at: ["columns"]) { (mapping: InvoiceMapping) -> [String] in mapping.missingColumns })

  private static let keys: Fields<InvoiceMapping> = Fields(editorSchema, ready, form, words) { _, ready, form, words in
    (form + words).reduce(into: ready?.mapping ?? .empty) { mapping, change in change(&mapping) }
  }

  /// The JSON Schema of a mapping file: `deploy/invoice-mapping.schema.json`.
  package static var schema: JSONLiteral {
    JSONSchema.document(
      shape.declaration, id: "https://quotawatch.invalid/invoice-mapping.schema.json",
      title: "quotawatch mapping of invoices",
      description: "How the columns of an invoice file are read. See docs/invoices.md.")
  }

  private typealias Change = @Sendable (inout InvoiceMapping) -> Void

  private static let editorSchema = Field("$schema", .text, .optional, "Where the JSON Schema is, for editors.")

  private static let ready = Field(
    "extends", .choice(of: Ready.self), .optional("none"), "The ready mapping to begin with.")

  /// A key that changes the mapping where it is given.
  private static func key<Value>(
    _ name: String, _ shape: Shape<Value>, _ absence: String, _ text: String,
    change: @escaping @Sendable (inout InvoiceMapping, Value) -> Void
  ) -> Fields<Change> {
    Field(name, shape, .optional(absence), text).map { value in
      { mapping in if let value { change(&mapping, value) } }
    }
  }

  private static func all(_ keys: [Fields<Change>]) -> Fields<[Change]> {
    keys.reduce(.none([])) { all, key in Fields(all, key) { $0 + [$1] } }
  }

  /// How the text is written.
  private static let form = all([
    key("format", .choice(of: Format.self), "by the first character", "How the file is written.") { $0.format = $1 },
    key("encoding", .choice(of: TextEncoding.self), "`utf-8`", "The characters; UTF-16 is told by its byte order mark.")
    {
      $0.encoding = $1
    },
    key("delimiter", .delimiter, "`,`", "What separates the fields of a CSV file: one character, or `tab`.") {
      $0.delimiter = $1
    },
    key("skip_before", .integer(from: 0, to: 10_000), "0", "How many lines stand before the header of a CSV file.") {
      $0.skipBefore = $1
    },
    key("decimal", .separator(".", ","), "`.`", "The decimal separator of numbers.") {
      $0.numbers.decimalSeparator = $1
    },
    key(
      "thousands", .oneOrMore(.groupSeparator), "none",
      "What may stand between groups of three digits, then between all of them; without it such a number is an error."
    ) { $0.numbers.groupSeparators = $1 },
    key(
      "grouping", .choice(of: NumberGrammar.Grouping.self), "`thousands`",
      "How long groups are: `indian` has two digits in all but the last, as in 12,34,567.89."
    ) { $0.numbers.grouping = $1 },
    key(
      "amounts", .choice(of: Unit.self), "`major`",
      "Euros or cents; in minor units a fraction is an error. `stripe` stands for the minor units of Stripe, which has a list of its own."
    ) { $0.amounts = $1 },
    key(
      "unit_prices", .choice(of: Unit.self), "as `amounts`", "The same for `unit_price`, which may have a fraction."
    ) { $0.unitPrices = $1 },
    key(
      "dates", .oneOrMore(.dateGrammar), "`yyyy-MM-dd`",
      "How dates are written, tried in turn: `iso8601` (a moment with its zone), `unix` (seconds), `unix_ms`, or a pattern as below. Days begin in the billing time zone."
    ) { $0.dates = $1 },
    key(
      "pivot_year", .integer(from: 1_900, to: 2_100), "–",
      "The first of the hundred years that a year of two digits (`yy`) may be, such as 2000."
    ) { $0.pivotYear = $1 },
    key(
      "period_end", .choice(of: PeriodEnd.self), "`exclusive`",
      "Whether the period's end is the first moment after it, or its last day or second."
    ) { $0.periodEnd = $1 },
    key("invoices", .text.called("path"), "–", "JSON: where the list of invoices is.") { $0.invoicesPath = $1 },
    key("lines", .text.called("path"), "–", "JSON: where an invoice has its lines.") { $0.linesPath = $1 },
  ])

  /// Which column holds what, and what the words in the columns stand for.
  private static let words = all([
    key(
      "columns", .object(columns).named("invoiceColumns", "Where each field is."), "–",
      "Where each field is: the name of a column, a list of names of which the first that the file has counts for all rows, or `{ \"value\": \"…\" }` for the same in every line. `amount` can be `{ \"debit\": \"…\", \"credit\": \"…\" }`: two columns, of which the second lowers the bill."
    ) { $0.take($1) },
    key("organizations", .words(.organization), "–", "What the file's words stand for, by the word.") {
      $0.organizations = $0.organizations.merging($1)
    },
    key("metrics", .words(.choice(of: Metric.self)), "our own words", "The same for metrics.") {
      $0.metrics = $0.metrics.merging($1)
    },
    key("categories", .words(.choice(of: ChargeCategory.self)), "our own words", "The same for categories.") {
      $0.categories = $0.categories.merging($1)
    },
    key("issue_statuses", .words(.choice(of: InvoiceIssueStatus.self)), "our own words", "The same for statuses.") {
      $0.issueStatuses = $0.issueStatuses.merging($1)
    },
    key("parts", .list(of: Part.shape), "none", "Amounts in columns of their own that become lines of their own.") {
      $0.parts += $1
    },
    key("skip", .list(of: Skip.shape), "none", "Rows that are no lines, such as totals.") { $0.skips += $1 },
    key(
      "credit_notes", .list(of: Rows.shape), "none",
      "Rows whose amounts are written as if they were charged, and lower the bill."
    ) { $0.creditNotes += $1 },
    key("quantity_factors", .factors, "1", "How many pages or conversions one of a quantity stands for, such as 1000.")
    {
      $0.quantityFactors = $1
    },
  ])

  private static let columns: Fields<[InvoiceField: Source]> = InvoiceField.allCases.reduce(.none([:])) {
    fields, field in
    let shape: Shape<Source> = field == .amount ? .amountSource : .source
    return Fields(fields, Field(field.rawValue, shape, .optional, field.text)) { fields, source in
      var fields = fields
      fields[field] = source
      return fields
    }
  }

  /// Takes over columns that the user names; a month and a period take each other's place.
  private mutating func take(_ named: [InvoiceField: Source]) {
    fields.merge(named) { $1 }
    optionalFields.subtract(named.keys)
    if named[.month] != nil {
      fields[.periodStart] = named[.periodStart]
      fields[.periodEnd] = named[.periodEnd]
    } else if named[.periodStart] != nil {
      fields[.month] = nil
    }
  }

  private var missingColumns: [String] {
    let missing = [InvoiceField.invoiceID, .organization, .amount, .currency].filter { fields[$0] == nil }
    return missing.map { "\"\($0.rawValue)\" has no column and no value" }
      + (fields[.month] == nil && fields[.periodStart] == nil
        ? ["neither \"month\" nor \"period_start\" has a column or a value"] : [])
  }
}

extension InvoiceField {
  fileprivate var text: String {
    switch self {
    case .invoiceID: "The invoice's number; needed."
    case .lineID: "The line's own id; without one the file's hash and the row stand for it."
    case .organization: "An id of ours, or a word in `organizations`; needed."
    case .month: "A month such as `2026-10`, or in one of the `dates`; needed without `period_start`."
    case .periodStart: "Where a period begins that lies in one billing month; instead of `month`."
    case .periodEnd: "Where that period ends."
    case .category: "`usage`, `purchase`, `tax`, `credit` or `adjustment`; without it a line with a metric is `usage`."
    case .metric: "`pages` or `conversions`."
    case .quantity: "A decimal."
    case .unitPrice: "A decimal."
    case .amount: "A signed decimal; needed."
    case .currency: "A code of ISO 4217; needed."
    case .description: "Shown, not interpreted."
    case .proration: "`true` or `false`: an adjustment for a part of a period."
    case .issueStatus: "`issued`, which counts without a column, `open` for a draft, or `voided`."
    case .invoiceTotal: "What the whole invoice comes to with tax; compared with the sum of its lines."
    case .invoiceNet: "The same before tax."
    case .invoiceTax: "The same of its taxes."
    }
  }
}
