/// How the columns of somebody's invoice file are to be read; see `docs/invoices.md`.
package struct InvoiceMapping: Hashable, Sendable {
  package enum Format: String, CaseIterable, Sendable {
    case csv
    case json
  }

  /// What amounts are counted in.
  package enum Unit: String, CaseIterable, Sendable {
    /// Euros.
    case major
    /// Cents.
    case minor
    /// Stripe's own smallest units, which are not all those of ISO 4217.
    case stripe
  }

  package enum PeriodEnd: String, CaseIterable, Sendable {
    /// The first moment that does not belong to the period.
    case exclusive
    /// The last day, or the last second, of the period.
    case inclusive
  }

  /// Where the value of a field is to be had.
  package enum Source: Hashable, Sendable {
    /// The first of these columns that the file has; the same for every row.
    case columns([String])
    /// The same for every line.
    case value(String)
    /// An amount that stands in one of two columns, which tells its sign: what is charged, and what is given back.
    case debitCredit(debit: String, credit: String)
  }

  /// An amount in a column of its own that makes a line of its own, such as a tax beside the net amount.
  package struct Part: Hashable, Sendable {
    /// The first of these columns that the file has.
    package let columns: [String]
    /// Which of them that is.
    fileprivate(set) var choice = 0
    package let category: ChargeCategory
    /// Whether the file writes an amount that lowers the bill without a sign.
    package let negative: Bool
    /// Whether the row's own amount includes it, as a price includes its tax.
    package let isIncluded: Bool
    /// Whether a file may be without the column.
    package let isOptional: Bool
    /// What stands behind the row's id in the id of the part's line; nil for what ``InvoiceMapping/partIDs`` gives it.
    package let id: String?

    package init(
      columns: [String], category: ChargeCategory, negative: Bool = false, isIncluded: Bool = false,
      isOptional: Bool = false, id: String? = nil
    ) {
      self.columns = columns
      self.category = category
      self.negative = negative
      self.isIncluded = isIncluded
      self.isOptional = isOptional
      self.id = id
    }

    /// The column that the file has.
    var column: String { columns[choice] }
  }

  /// Rows that have certain words in a column.
  package struct Rows: Hashable, Sendable {
    package let column: String
    /// Patterns, in which `*` stands for any text; an empty one for a row that has nothing there.
    package let values: WordMap<Bool>
    /// Whether an empty cell counts.
    package let includesEmpty: Bool

    package init(column: String, values: [String]) {
      self.column = column
      self.values = WordMap(values.filter { !$0.isEmpty }.map { ($0, true) })
      includesEmpty = values.contains("")
    }

    func contain(_ record: some InvoiceRecord) -> Bool {
      guard let text = record.text(column) else { return includesEmpty }
      return !values.values(for: text).isEmpty
    }
  }

  /// Rows that are no lines.
  package struct Skip: Hashable, Sendable {
    package let rows: Rows
    /// Whether they tell what the lines of their invoice come to, column by column.
    package let isTotal: Bool

    package init(rows: Rows, isTotal: Bool = false) {
      self.rows = rows
      self.isTotal = isTotal
    }
  }

  /// Nil tells by the file's first character.
  package var format: Format?
  package var delimiter = UInt8(ascii: ",")
  package var encoding = TextEncoding.utf8
  /// How many lines stand before the header.
  package var skipBefore = 0
  package var numbers = NumberGrammar()
  package var amounts = Unit.major
  package var unitPrices: Unit?
  /// Tried in turn.
  package var dates: [DateGrammar] = [DateGrammar(pattern: "yyyy-MM-dd")].compactMap { $0 }
  /// The first of the hundred years that a year of two digits may be.
  package var pivotYear: Int?
  package var periodEnd = PeriodEnd.exclusive
  /// JSON: where the list of invoices is, if the text is not one itself.
  package var invoicesPath: String?
  /// JSON: where an invoice has its lines; nil if every invoice is a line.
  package var linesPath: String?
  package var fields: [InvoiceField: Source] = [:]
  /// Fields that a file may be without although the mapping has them: those of a ready mapping.
  package var optionalFields: Set<InvoiceField> = []
  package var parts: [Part] = []
  package var skips: [Skip] = []
  /// Rows of credit notes whose amounts are written as if they were charged.
  package var creditNotes: [Rows] = []
  /// How many one of a quantity stands for; 1 of a metric that is not here.
  package var quantityFactors: [Metric: ExactDecimal] = [:]
  /// What words in the column of the category make of a line that does not count anything: no statement of the file.
  package var impliedCategories = WordMap<ChargeCategory>()
  /// JSON: whether an item without a list of lines is a line itself.
  package var takesBareLines = false
  package var organizations = WordMap<OrganizationID>()
  package var metrics = WordMap<Metric>()
  package var categories = WordMap<ChargeCategory>()
  package var issueStatuses = WordMap<InvoiceIssueStatus>()

  package init() {}

  /// The columns that something is read from, other than alternatives that were not chosen.
  var columns: [String] {
    let sources = fields.values.flatMap { source -> [String] in
      switch source {
      case .columns(let names): names
      case .debitCredit(let debit, let credit): [debit, credit]
      case .value: []
      }
    }
    return sources + parts.flatMap(\.columns) + skips.map(\.rows.column) + creditNotes.map(\.column)
  }

  /// The same for one file, whose columns are chosen among the alternatives: the first that it has, and none where it has
  /// none and needs none.
  func choosing(among has: (String) -> Bool) -> InvoiceMapping {
    var chosen = self
    for (field, source) in fields {
      guard case .columns(let names) = source else { continue }
      if let name = names.first(where: has) {
        chosen.fields[field] = .columns([name])
      } else if optionalFields.contains(field) {
        chosen.fields[field] = nil
      }
    }
    chosen.parts = parts.map { part in
      var part = part
      part.choice = part.columns.firstIndex(where: has) ?? 0
      return part
    }
    return chosen
  }

  /// What stands behind a line's id in the id of each of its parts: the category, and where an earlier part has that, the
  /// column as well. So a part that is added leaves the ids of the others alone.
  var partIDs: [String] {
    var seen: Set<ChargeCategory> = []
    return parts.map { part in
      if let id = part.id { return id }
      return seen.insert(part.category).inserted
        ? part.category.rawValue : "\(part.category.rawValue)/\(part.columns[0])"
    }
  }
}

/// What is read of a row.
package enum InvoiceField: String, CaseIterable, Sendable {
  case invoiceID = "invoice_id"
  case lineID = "line_id"
  case organization
  case month
  case periodStart = "period_start"
  case periodEnd = "period_end"
  case category
  case metric
  case quantity
  case unitPrice = "unit_price"
  case amount
  case currency
  case description
  case proration
  case issueStatus = "issue_status"
  case invoiceTotal = "invoice_total"
  case invoiceNet = "invoice_net"
  case invoiceTax = "invoice_tax"
}
