package import FoundationEssentials

/// Turns rows into lines of invoices, by a mapping.
///
/// What a row says in a form that the mapping does not state is an error. What is well-formed and stands for nothing
/// that we know becomes a line that is unknown, with the reason: it is kept, and keeps its invoice from being matched.
package struct InvoiceInterpreter {
  private let mapping: InvoiceMapping
  private let organizations: Set<OrganizationID>
  private let zone: TimeZone
  private let fileHash: String
  private var moments: [String: DateGrammar.Moment] = [:]

  /// Why a row cannot be read, in one line.
  package struct Problem: Error, Hashable, Sendable {
    package let message: String
  }

  /// - Parameters:
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
  }

  /// The lines of a row: its own, and one for every part in a column of its own. None for a row that is to be skipped.
  package mutating func lines(of record: some InvoiceRecord) throws(Problem) -> [InvoiceLine] {
    for skip in mapping.skips {
      if let text = record.text(skip.column), skip.values.contains(text) { return [] }
    }
    let content = try content(of: record)
    let key = try key(of: record)
    let main = InvoiceLine(key: key, content: content)
    var parts: [(part: InvoiceMapping.Part, amount: ExactDecimal)] = []
    for part in mapping.parts {
      var amount = ExactDecimal.zero
      for text in record.texts(part.column) {
        amount += try self.amount(text, of: part.column, content.currency, record)
      }
      if !amount.isZero { parts.append((part, part.negative ? -amount : amount)) }
    }
    return [main]
      + parts.map { part, amount in
        let isOnly = parts.count { $0.part.category == part.category } == 1
        return Self.line(part, amount, of: main, suffix: isOnly ? "" : "/\(part.column)")
      }
  }

  private static func line(
    _ part: InvoiceMapping.Part, _ amount: ExactDecimal, of main: InvoiceLine, suffix: String
  ) -> InvoiceLine {
    var content = main.content
    content.category = part.category
    content.metric = nil
    content.quantity = nil
    content.unitPrice = nil
    content.amount = amount
    // Whether the line itself is understood does not matter to its tax: only whose it is and when.
    if content.organization != nil, content.month != nil { content.unknownBecause = nil }
    return InvoiceLine(
      key: InvoiceLineKey(invoice: main.key.invoice, line: "\(main.key.line)/\(part.category.rawValue)\(suffix)"),
      content: content)
  }

  // MARK: - Fields

  private func text(_ field: InvoiceField, of record: some InvoiceRecord) -> String? {
    switch mapping.fields[field] {
    case .value(let text): return text
    case .columns(let names):
      for name in names {
        if let text = record.text(name) { return text }
      }
      return nil
    case nil: return nil
    }
  }

  private func required(_ field: InvoiceField, of record: some InvoiceRecord) throws(Problem) -> String {
    guard let text = text(field, of: record) else {
      throw Problem(message: "\(record.place): it has no \(field.rawValue)")
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

  private mutating func content(of record: some InvoiceRecord) throws(Problem) -> InvoiceLineContent {
    let code = try required(.currency, of: record).uppercased()
    guard let currency = Currency(code) else {
      throw Problem(message: "\(record.place): \"\(code)\" is not a currency of ISO 4217")
    }
    let organizationText = try required(.organization, of: record)
    var doubts: [String] = []
    let organization = organization(organizationText, &doubts)
    let month = try month(of: record, &doubts)
    let (category, metric) = category(of: record, &doubts)
    return InvoiceLineContent(
      organization: organization, organizationText: organizationText, month: month, category: category, metric: metric,
      quantity: try number(.quantity, of: record),
      unitPrice: try text(.unitPrice, of: record).map { text throws(Problem) in
        try unitPrice(text, currency, record)
      },
      amount: try amount(
        try required(.amount, of: record), of: InvoiceField.amount.rawValue, currency, record),
      currency: currency, description: text(.description, of: record), isProration: try proration(of: record),
      issueStatus: try issueStatus(of: record),
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

  private func category(
    of record: some InvoiceRecord, _ doubts: inout [String]
  ) -> (ChargeCategory?, Metric?) {
    var metric: Metric?
    if let text = text(.metric, of: record) {
      let found = mapping.metrics.values(for: text)
      if found.count > 1 { doubts.append("\"\(text)\" stands for several metrics") }
      metric = found.count == 1 ? found.first : nil
    }
    guard let text = text(.category, of: record) else {
      if metric == nil { doubts.append("it says neither what is counted nor what kind of charge it is") }
      return (metric == nil ? nil : .usage, metric)
    }
    let found = mapping.categories.values(for: text)
    guard found.count == 1, let category = found.first else {
      if metric != nil, found.isEmpty { return (.usage, metric) }
      doubts.append("\"\(text)\" is no charge category and not in \"categories\" of the mapping")
      return (nil, metric)
    }
    if metric != nil, category == .purchase { return (.usage, metric) }
    if metric == nil, category == .usage { doubts.append("it is usage, and what is counted is not in \"metrics\"") }
    return (category, metric)
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

  // MARK: - Numbers

  private func number(_ field: InvoiceField, of record: some InvoiceRecord) throws(Problem) -> ExactDecimal? {
    guard let text = text(field, of: record) else { return nil }
    return try number(text, of: field.rawValue, record)
  }

  private func number(_ text: String, of name: String, _ record: some InvoiceRecord) throws(Problem) -> ExactDecimal {
    guard let number = mapping.numbers.number(text) else {
      let decimal = mapping.numbers.decimalSeparator
      let thousands = mapping.numbers.thousandsSeparator.map { ", \"\($0)\" between thousands" } ?? ""
      throw Problem(
        message: "\(record.place): \(name) \"\(text)\" is not a number as the mapping states it (decimal "
          + "\"\(decimal)\"\(thousands))")
    }
    return number
  }

  private func amount(
    _ text: String, of name: String, _ currency: Currency, _ record: some InvoiceRecord
  ) throws(Problem) -> ExactDecimal {
    let number = try number(text, of: name, record)
    guard mapping.amounts == .minor else { return number }
    guard number.decimals == 0 else {
      throw Problem(
        message:
          "\(record.place): \(name) \"\(text)\" has decimals, but the mapping says that amounts are in minor units")
    }
    return number.movingPoint(left: currency.minorUnit)
  }

  private func unitPrice(
    _ text: String, _ currency: Currency, _ record: some InvoiceRecord
  ) throws(Problem) -> ExactDecimal {
    let number = try number(text, of: InvoiceField.unitPrice.rawValue, record)
    return (mapping.unitPrices ?? mapping.amounts) == .minor ? number.movingPoint(left: currency.minorUnit) : number
  }

  // MARK: - Periods

  /// The month that a row is for: written as one, or the one that its period lies in.
  private mutating func month(
    of record: some InvoiceRecord, _ doubts: inout [String]
  ) throws(Problem) -> BillingMonth? {
    if let text = text(.month, of: record) {
      guard let month = BillingMonth(text) else {
        throw Problem(message: "\(record.place): month \"\(text)\" is not written like 2026-10")
      }
      return month
    }
    let start = try moment(.periodStart, of: record)
    let end = try moment(.periodEnd, of: record)
    guard let start else {
      doubts.append("it says no month")
      return nil
    }
    let first = start.date
    let last = end.map { mapping.periodEnd == .inclusive ? next(after: $0) : $0.date } ?? first
    guard last >= first else {
      throw Problem(message: "\(record.place): its period ends before it begins")
    }
    guard let month = BillingMonth(containing: first, in: zone), last <= month.period(in: zone).upperBound else {
      doubts.append("its period from \(first.iso8601) to \(last.iso8601) does not lie in one billing month")
      return nil
    }
    return month
  }

  private mutating func moment(
    _ field: InvoiceField, of record: some InvoiceRecord
  ) throws(Problem) -> DateGrammar.Moment? {
    guard let text = text(field, of: record) else { return nil }
    if let known = moments[text] { return known }
    for grammar in mapping.dates {
      if let moment = grammar.moment(text, in: zone) {
        moments[text] = moment
        return moment
      }
    }
    throw Problem(
      message: "\(record.place): \(field.rawValue) \"\(text)\" is not a date as the mapping states it in \"dates\"")
  }

  /// The first moment after a day, or after a second.
  private func next(after moment: DateGrammar.Moment) -> Date {
    guard moment.isDay else { return moment.date.addingTimeInterval(1) }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar.date(byAdding: .day, value: 1, to: moment.date) ?? moment.date + .days(1)
  }
}
