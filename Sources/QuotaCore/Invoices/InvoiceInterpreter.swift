package import FoundationEssentials

/// Turns rows into lines of invoices, by a mapping.
///
/// What a row says in a form that the mapping does not state is an error. What is well-formed and stands for nothing
/// that we know becomes a line that is unknown, with the reason: it is kept, and keeps its invoice from being matched.
package struct InvoiceInterpreter {
  let mapping: InvoiceMapping
  private let organizations: Set<OrganizationID>
  let zone: TimeZone
  private let fileHash: String
  private let partIDs: [String]
  var moments = Memo<String, DateGrammar.Moment?>()
  private var metrics = Memo<String, Set<Metric>>()
  private var categories = Memo<String, Set<ChargeCategory>>()
  var numbers = NumberTally()
  /// Of the line before: rows of totals often name none.
  private(set) var latestCurrency: Currency?

  /// A number that could be thousands, if every number with a decimal separator could.
  package var doubtfulNumber: String? { numbers.clear == 0 ? numbers.doubtful : nil }

  /// Why a row cannot be read, in one line.
  package struct Problem: Error, Hashable, Sendable {
    package let message: String
  }

  /// What a row says.
  package struct Row {
    /// Its own line, and one for every part in a column of its own that comes to something.
    package var lines: [InvoiceLine] = []
    /// Those of parts that come to nothing: they say something only where an earlier file had them.
    package var emptyParts: [InvoiceLine] = []
    /// What it says of its invoice as a whole.
    package var totals: [StatedTotal] = []
  }

  /// - Parameters:
  ///   - mapping: of this file; see ``InvoiceMapping/choosing(among:)``.
  ///   - organizations: those that exist; the file's word may be the id of one of them.
  ///   - zone: the billing time zone, in which days begin.
  ///   - fileHash: stands in the ids of lines that have none of their own.
  package init(
    _ mapping: InvoiceMapping, organizations: Set<OrganizationID>, zone: TimeZone, fileHash: String
  ) {
    self.mapping = mapping
    self.organizations = organizations
    self.zone = zone
    self.fileHash = fileHash
    partIDs = mapping.partIDs
  }

  /// What says that a row is no line; nil for a row that is one.
  package func skip(_ record: some InvoiceRecord) -> InvoiceMapping.Skip? {
    mapping.skips.first { $0.rows.contain(record) }
  }

  /// Why a cell of a row cannot be read that the mapping reads; nil where all can.
  func unreadable(in record: some InvoiceRecord) -> String? {
    for column in mapping.columns {
      for case .unreadable(let why) in record.cells(column) { return why }
    }
    return nil
  }

  /// What a row says; of a row that is to be skipped nothing but what it says of its invoice as a whole.
  package mutating func read(_ record: some InvoiceRecord, skip: InvoiceMapping.Skip?) throws(Problem) -> Row {
    var row = Row()
    if let skip {
      if skip.isTotal { row.totals = try totals(inRow: record, toldBy: skip.rows.column) }
      return row
    }
    let currency = try currency(of: record)
    latestCurrency = currency
    var content = try content(of: record, currency)
    let key = try key(of: record)
    let parts = try parts(of: record, currency)
    for (part, amount) in zip(mapping.parts, parts) where part.isIncluded { content.amount = content.amount - amount }
    let main = InvoiceLine(key: key, content: content)
    row.lines = [main]
    for (index, amount) in parts.enumerated() {
      let line = Self.line(mapping.parts[index], partIDs[index], amount, of: main)
      if amount.isZero { row.emptyParts.append(line) } else { row.lines.append(line) }
    }
    row.totals = try totals(of: record, key.invoice, currency)
    return row
  }

  private static func line(
    _ part: InvoiceMapping.Part, _ id: String, _ amount: ExactDecimal, of main: InvoiceLine
  ) -> InvoiceLine {
    var content = main.content
    content.category = part.category
    content.metric = nil
    content.quantity = nil
    content.unitPrice = nil
    content.amount = amount
    // Whether the line itself is understood does not matter to its tax: only whose it is and when.
    if content.organization != nil, content.month != nil { content.unknownBecause = nil }
    return InvoiceLine(key: InvoiceLineKey(invoice: main.key.invoice, line: "\(main.key.line)/\(id)"), content: content)
  }

  // MARK: - Fields

  func cell(_ field: InvoiceField, of record: some InvoiceRecord) -> InvoiceCell? {
    switch mapping.fields[field] {
    case .value(let text): .text(text)
    case .columns(let names): names.first.flatMap { record.cell($0) }
    case .debitCredit, nil: nil
    }
  }

  func text(_ field: InvoiceField, of record: some InvoiceRecord) -> String? { cell(field, of: record)?.text }

  func required(_ field: InvoiceField, of record: some InvoiceRecord) throws(Problem) -> String {
    guard let text = text(field, of: record) else {
      throw Problem(
        message:
          "\(record.place): it has no \(field.rawValue); if it is no line of an invoice, such as a total, name it in "
          + "\"skip\" of a mapping")
    }
    return text
  }

  private func key(of record: some InvoiceRecord) throws(Problem) -> InvoiceLineKey {
    let invoice = try required(.invoiceID, of: record)
    if let line = text(.lineID, of: record) { return InvoiceLineKey(invoice: invoice, line: line) }
    guard mapping.fields[.lineID] == nil || mapping.optionalFields.contains(.lineID) else {
      throw Problem(message: "\(record.place): it has no \(InvoiceField.lineID.rawValue)")
    }
    return InvoiceLineKey(invoice: invoice, line: InvoiceLineKey.rowID(record.row, ofFile: fileHash))
  }

  func currency(of record: some InvoiceRecord) throws(Problem) -> Currency {
    let code = try required(.currency, of: record).uppercased()
    guard let currency = Currency(code) else {
      throw Problem(
        message: "\(record.place): \"\(code)\" is not a currency of ISO 4217; if all lines are in one, the mapping can "
          + "state it: \"currency\": { \"value\": \"EUR\" }")
    }
    return currency
  }

  /// That of an invoice without lines, where these would name it or the invoice does.
  func currency(ofInvoice record: some InvoiceRecord) -> Currency? {
    guard case .columns(let names) = mapping.fields[.currency] else {
      return text(.currency, of: record).flatMap { Currency($0.uppercased()) }
    }
    return names.lazy.compactMap { record.text($0.hasPrefix("^") ? $0 : "^\($0)") }.first
      .flatMap { Currency($0.uppercased()) }
  }

  private mutating func content(
    of record: some InvoiceRecord, _ currency: Currency
  ) throws(Problem) -> InvoiceLineContent {
    let organizationText = try required(.organization, of: record)
    var doubts: [String] = []
    let organization = organization(organizationText, &doubts)
    let month = try month(of: record, &doubts)
    let amount = try amount(of: record, currency)
    let stated = try quantity(of: record)
    let (category, metric) = category(of: record, quantity: stated, &doubts)
    let factor = metric.flatMap { mapping.quantityFactors[$0] }
    return InvoiceLineContent(
      organization: organization, organizationText: organizationText, month: month, category: category, metric: metric,
      quantity: stated.map { $0 * (factor ?? ExactDecimal(1)) },
      unitPrice: try unitPrice(of: record, currency, per: factor),
      amount: amount, currency: currency, description: text(.description, of: record),
      isProration: try proration(of: record), issueStatus: try issueStatus(of: record),
      unknownBecause: doubts.isEmpty ? nil : doubts.joined(separator: "; "))
  }

  private func organization(_ text: String, _ doubts: inout [String]) -> OrganizationID? {
    let mapped = mapping.organizations.values(for: text)
    if mapped.count == 1, let id = mapped.first {
      if organizations.contains(id) { return id }
      doubts.append("the mapping takes \"\(text)\" for \(id), which is no organization of ours")
      return nil
    }
    if mapped.isEmpty, organizations.contains(OrganizationID(text)) { return OrganizationID(text) }
    doubts.append(
      mapped.isEmpty
        ? "\"\(text)\" is no organization of ours and not in \"organizations\" of the mapping"
        : "\"\(text)\" stands for several organizations")
    return nil
  }

  /// The category that the row states, and what it counts. What is stated holds; without it, what is counted is usage.
  private mutating func category(
    of record: some InvoiceRecord, quantity: ExactDecimal?, _ doubts: inout [String]
  ) -> (ChargeCategory?, Metric?) {
    var metric: Metric?
    let words = text(.metric, of: record)
    if let words {
      let found = metrics.value(for: words) { [known = mapping.metrics] in known.values(for: $0) }
      if found.count > 1 { doubts.append("\"\(words)\" stands for several metrics") }
      metric = found.count == 1 ? found.first : nil
    }
    guard let text = text(.category, of: record) else {
      if metric == nil { doubts.append("it says neither what is counted nor what kind of charge it is") }
      return (metric == nil ? nil : .usage, metric)
    }
    let stated = categories.value(for: text) { [known = mapping.categories] in known.values(for: $0) }
    if stated.count == 1, let category = stated.first {
      if metric == nil, category == .usage { doubts.append("it is usage, and what is counted is not in \"metrics\"") }
      return (category, metric)
    }
    if metric != nil, stated.isEmpty { return (.usage, metric) }
    guard stated.isEmpty, let implied = mapping.impliedCategories.values(for: text).first else {
      doubts.append("\"\(text)\" is no charge category and not in \"categories\" of the mapping")
      return (nil, nil)
    }
    let count = quantity ?? words.flatMap(Self.leadingCount) ?? ExactDecimal(1)
    guard count == ExactDecimal(1) || count.isZero else {
      doubts.append("it counts \(count.grouped()) of something, and \"\(words ?? text)\" is not in \"metrics\"")
      return (nil, nil)
    }
    return (implied, nil)
  }

  /// The number in a text such as `12345 × Documents`.
  private static func leadingCount(_ text: String) -> ExactDecimal? {
    let digits = text.prefix { $0.isNumber || $0 == "." || $0 == "," }
    let rest = text.dropFirst(digits.count).drop { $0 == " " || $0 == "\u{A0}" }
    guard rest.first == "×" || rest.first == "x" else { return nil }
    return ExactDecimal(digits.filter { $0 != "," })
  }

  private func proration(of record: some InvoiceRecord) throws(Problem) -> Bool {
    guard let text = text(.proration, of: record) else { return false }
    switch text.lowercased() {
    case "true", "yes", "1": return true
    case "false", "no", "0": return false
    default: throw Problem(message: "\(record.place): proration is neither true nor false but \"\(text)\"")
    }
  }

  private func issueStatus(of record: some InvoiceRecord) throws(Problem) -> InvoiceIssueStatus {
    guard let text = text(.issueStatus, of: record) else { return .issued }
    let found = mapping.issueStatuses.values(for: text)
    guard found.count == 1, let status = found.first else {
      throw Problem(
        message: "\(record.place): the issue status \"\(text)\" is not known; say what it stands for in "
          + "\"issue_statuses\" of the mapping")
    }
    return status
  }
}

/// What was found out for the latest words of a file, which come again and again. It never grows large.
struct Memo<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var values: [Key: Value] = [:]

  mutating func value(for key: Key, _ find: (Key) -> Value) -> Value {
    if let known = values[key] { return known }
    if values.count == 1_000 { values.removeAll(keepingCapacity: true) }
    let value = find(key)
    values[key] = value
    return value
  }
}
