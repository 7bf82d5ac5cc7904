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
  }

  package enum PeriodEnd: String, CaseIterable, Sendable {
    /// The first moment that does not belong to the period.
    case exclusive
    /// The last day, or the last second, of the period.
    case inclusive
  }

  /// Where the value of a field is to be had.
  package enum Source: Hashable, Sendable {
    /// The first of these columns that the file has.
    case columns([String])
    /// The same for every line.
    case value(String)
  }

  /// An amount in a column of its own that makes a line of its own, such as a tax beside the net amount.
  package struct Part: Hashable, Sendable {
    package let column: String
    package let category: ChargeCategory
    /// Whether the file writes an amount that lowers the bill without a sign.
    package let negative: Bool
    /// Whether a file may be without the column.
    package let isOptional: Bool

    package init(column: String, category: ChargeCategory, negative: Bool = false, isOptional: Bool = false) {
      self.column = column
      self.category = category
      self.negative = negative
      self.isOptional = isOptional
    }
  }

  /// Rows that are no lines, such as totals.
  package struct Skip: Hashable, Sendable {
    package let column: String
    package let values: Set<String>

    package init(column: String, values: Set<String>) {
      self.column = column
      self.values = values
    }
  }

  /// Nil tells by the file's first character.
  package var format: Format?
  package var delimiter = UInt8(ascii: ",")
  package var numbers = NumberGrammar()
  package var amounts = Unit.major
  package var unitPrices: Unit?
  /// Tried in turn.
  package var dates: [DateGrammar] = [DateGrammar(pattern: "yyyy-MM-dd")].compactMap { $0 }
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
  package var organizations = WordMap<OrganizationID>()
  package var metrics = WordMap<Metric>()
  package var categories = WordMap<ChargeCategory>()
  package var issueStatuses = WordMap<InvoiceIssueStatus>()

  package init() {}

  /// Whether anything is read from a column of this name.
  func uses(_ column: String) -> Bool {
    parts.contains { $0.column == column } || skips.contains { $0.column == column }
      || fields.values.contains { source in
        if case .columns(let names) = source { names.contains(column) } else { false }
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
}

/// What the words of a file stand for. A `*` in a word stands for any text; upper and lower case are the same.
package struct WordMap<Value: Hashable & Sendable>: Hashable, Sendable {
  private var exact: [String: Value] = [:]
  private var patterns: [(pieces: [String], value: Value)] = []

  package init() {}

  package init(_ entries: [(word: String, value: Value)]) {
    for entry in entries { add(entry.word, entry.value) }
  }

  package mutating func add(_ word: String, _ value: Value) {
    let folded = word.lowercased()
    guard folded.contains("*") else {
      exact[folded] = value
      return
    }
    let pieces = folded.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    patterns.removeAll { $0.pieces == pieces }
    patterns.append((pieces, value))
  }

  /// This map, with another's words where both have them.
  package func merging(_ other: WordMap) -> WordMap {
    var merged = self
    merged.exact.merge(other.exact) { $1 }
    for (pieces, value) in other.patterns {
      merged.patterns.removeAll { $0.pieces == pieces }
      merged.patterns.append((pieces, value))
    }
    return merged
  }

  /// What a word stands for: as it is written, or else by every pattern that it matches. More than one answer is none.
  package func values(for word: String) -> Set<Value> {
    let folded = word.lowercased()
    if let value = exact[folded] { return [value] }
    return Set(patterns.filter { Self.matches(folded, $0.pieces) }.map(\.value))
  }

  private static func matches(_ word: String, _ pieces: [String]) -> Bool {
    guard let first = pieces.first, let last = pieces.last, word.hasPrefix(first) else { return false }
    var rest = word.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let range = rest.firstRange(of: piece) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.count >= last.count && rest.hasSuffix(last)
  }

  package static func == (first: WordMap, second: WordMap) -> Bool {
    first.exact == second.exact
      && first.patterns.elementsEqual(second.patterns) { $0.pieces == $1.pieces && $0.value == $1.value }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(exact)
    for pattern in patterns { hasher.combine(pattern.pieces) }
  }
}
