import FoundationEssentials

extension InvoiceInterpreter {
  private mutating func number(
    _ cell: InvoiceCell, of name: String, in currency: Currency? = nil, _ record: some InvoiceRecord
  ) throws(Problem) -> ExactDecimal {
    switch cell {
    case .number(let text):
      if let number = ExactDecimal(jsonNumber: text) { return number }
      throw Problem(message: "\(record.place): \(name) \(text) has more digits than can be kept exactly")
    case .unreadable(let why): throw Problem(message: "\(record.place): \(why)")
    case .date: throw Problem(message: "\(record.place): \(name) is the date \(cell.text), and no number")
    case .text(let text):
      if let number = mapping.numbers.number(text, in: currency) {
        numbers.add(text, mapping.numbers)
        return number
      }
      let help =
        Self.hasExponent(text)
        ? "; an exponent is how spreadsheets write what they have rounded: export the column with all its digits"
        : mapping.numbers.hint(for: text, in: currency)
      throw Problem(
        message: "\(record.place): \(name) \"\(text)\" is not a number as the mapping states it "
          + "(\(mapping.numbers.words))\(help)")
    }
  }

  private static func hasExponent(_ text: String) -> Bool {
    ExactDecimal(jsonNumber: text.replacing(",", with: ".").replacing("+", with: "")) != nil
      && text.contains { $0 == "e" || $0 == "E" }
  }

  /// In the currency's major unit.
  private mutating func amount(
    _ cell: InvoiceCell, of name: String, _ currency: Currency, _ record: some InvoiceRecord
  ) throws(Problem) -> ExactDecimal {
    let number = try number(cell, of: name, in: currency, record)
    guard mapping.amounts != .major else { return number }
    // 12.00 is twelve euros whatever the mapping says, and no twelve cents.
    let hasFraction = if case .text(let text) = cell { text.contains(mapping.numbers.decimalSeparator) } else { false }
    guard number.decimals == 0, !hasFraction else {
      throw Problem(
        message:
          "\(record.place): \(name) \"\(cell.text)\" has decimals, but the mapping says that amounts are in minor units"
      )
    }
    return number.movingPoint(left: mapping.amounts.decimals(of: currency))
  }

  /// The row's own amount, with what is included in it.
  mutating func amount(of record: some InvoiceRecord, _ currency: Currency) throws(Problem) -> ExactDecimal {
    guard let found = try statedAmount(of: record, currency) else {
      throw Problem(message: "\(record.place): it has no \(InvoiceField.amount.rawValue)")
    }
    return signed(found, record)
  }

  private mutating func statedAmount(of record: some InvoiceRecord, _ currency: Currency) throws(Problem)
    -> ExactDecimal?
  {
    guard case .debitCredit(let debit, let credit) = mapping.fields[.amount] else {
      guard let cell = cell(.amount, of: record) else { return nil }
      return try amount(cell, of: InvoiceField.amount.rawValue, currency, record)
    }
    var amounts: [ExactDecimal?] = []
    for column in [debit, credit] {
      guard let cell = record.cell(column) else {
        amounts.append(nil)
        continue
      }
      amounts.append(try amount(cell, of: column, currency, record))
    }
    let (charged, given) = (amounts[0], amounts[1])
    guard given?.isNegative != true else {
      throw Problem(
        message: "\(record.place): \(credit) is negative, and what stands there lowers the bill without a sign")
    }
    switch (charged, given) {
    case (let charged?, let given?):
      guard charged.isZero || given.isZero else {
        throw Problem(message: "\(record.place): it has both \(debit) and \(credit)")
      }
      return charged - given
    case (let charged?, nil): return charged
    case (nil, let given?): return -given
    case (nil, nil): return nil
    }
  }

  /// An amount of a row that may be of a credit note, whose amounts are written as if they were charged.
  private func signed(_ amount: ExactDecimal, _ record: some InvoiceRecord) -> ExactDecimal {
    mapping.creditNotes.contains { $0.contain(record) } ? -amount : amount
  }

  /// What each part of a row comes to, in the order of the mapping; 0 for one that is empty.
  mutating func parts(of record: some InvoiceRecord, _ currency: Currency) throws(Problem) -> [ExactDecimal] {
    var amounts: [ExactDecimal] = []
    for part in mapping.parts {
      let cells = record.cells(part.column)
      if cells.isEmpty, let other = part.columns.first(where: { !record.cells($0).isEmpty }) {
        throw Problem(
          message:
            "\(record.place): \(part.column) is empty and \(other) is not, but this file is read by \(part.column); "
            + "import what is written otherwise as a file of its own, or map a part for each")
      }
      var sum = ExactDecimal.zero
      for cell in cells { sum += try amount(cell, of: part.column, currency, record) }
      amounts.append(signed(part.negative ? -sum : sum, record))
    }
    return amounts
  }

  /// As the file counts.
  mutating func quantity(of record: some InvoiceRecord) throws(Problem) -> ExactDecimal? {
    guard let cell = cell(.quantity, of: record) else { return nil }
    return try number(cell, of: InvoiceField.quantity.rawValue, record)
  }

  /// The price of one page or conversion, where the file's is that of so many.
  mutating func unitPrice(
    of record: some InvoiceRecord, _ currency: Currency, per factor: ExactDecimal?
  ) throws(Problem) -> ExactDecimal? {
    guard let cell = cell(.unitPrice, of: record) else { return nil }
    let number = try number(cell, of: InvoiceField.unitPrice.rawValue, in: currency, record)
    let price = number.movingPoint(left: (mapping.unitPrices ?? mapping.amounts).decimals(of: currency))
    guard let factor else { return price }
    return price.divided(by: factor, decimals: price.decimals + ExactQuotient.writtenDecimals)
  }

  // MARK: - The invoice as a whole

  /// What a row says that its invoice comes to.
  mutating func totals(
    of record: some InvoiceRecord, _ invoice: String, _ currency: Currency
  ) throws(Problem) -> [StatedTotal] {
    var totals: [StatedTotal] = []
    for (field, kind) in [
      (InvoiceField.invoiceTotal, StatedTotal.Kind.total), (.invoiceNet, .net), (.invoiceTax, .tax),
    ] {
      guard case .columns(let names) = mapping.fields[field], let name = names.first else { continue }
      let cells = record.cells(name)
      guard !cells.isEmpty else { continue }
      var sum = ExactDecimal.zero
      for cell in cells { sum += try amount(cell, of: name, currency, record) }
      totals.append(StatedTotal(invoice: invoice, kind: kind, currency: currency, amount: signed(sum, record)))
    }
    return totals
  }

  /// What a row of totals says: its columns are the sums of those of the lines, with their tax unless that has a column of
  /// its own. Without an invoice it is the whole file's, which has the empty id.
  ///
  /// - Parameter column: where the row says that it is one, which is no invoice then.
  mutating func totals(inRow record: some InvoiceRecord, toldBy column: String) throws(Problem) -> [StatedTotal] {
    let names: Bool = if case .columns([column]) = mapping.fields[.invoiceID] { false } else { true }
    let invoice = names ? text(.invoiceID, of: record) ?? "" : ""
    let isNamed = text(.currency, of: record) != nil
    guard let currency = isNamed ? try currency(of: record) : latestCurrency else { return [] }
    guard var sum = try statedAmount(of: record, currency).map({ signed($0, record) }) else { return [] }
    let parts = try parts(of: record, currency)
    for (part, amount) in zip(mapping.parts, parts) {
      if part.isIncluded { sum = sum - amount }
      if part.category != .tax { sum += amount }
    }
    let taxes = zip(mapping.parts, parts).filter { $0.0.category == .tax }
    let states = taxes.contains { !record.cells($0.0.column).isEmpty }
    return [StatedTotal(invoice: invoice, kind: taxes.isEmpty ? .total : .net, currency: currency, amount: sum)]
      + (states ? [StatedTotal(invoice: invoice, kind: .tax, currency: currency, amount: taxes.map(\.1).sum())] : [])
  }
}

/// Whether the numbers of a file tell what their decimal separator is.
struct NumberTally {
  /// How many can be read in one way only.
  private(set) var clear = 0
  /// The first of those whose separator might as well stand between thousands.
  private(set) var doubtful: String?

  mutating func add(_ text: String, _ grammar: NumberGrammar) {
    guard clear == 0, grammar.groupSeparators.isEmpty, let point = text.firstIndex(of: grammar.decimalSeparator) else {
      return
    }
    let whole = text[..<point].filter(\.isNumber)
    if text[point...].filter(\.isNumber).count == 3, (1...3).contains(whole.count), whole != "0" {
      doubtful = doubtful ?? text
    } else {
      clear += 1
    }
  }
}

extension InvoiceMapping.Unit {
  /// How many places the point moves to the left.
  fileprivate func decimals(of currency: Currency) -> Int {
    switch self {
    case .major: 0
    case .minor: currency.minorUnit
    case .stripe: currency.stripeDecimals
    }
  }
}

extension Currency {
  /// How many decimals an amount of Stripe's API has, by its own list
  /// (https://docs.stripe.com/currencies#special-cases): it sends `ISK` and `UGX` with two, `MGA` with none.
  package var stripeDecimals: Int {
    if Self.withoutStripeDecimals.contains(code) { return 0 }
    return Self.withThreeStripeDecimals.contains(code) ? 3 : 2
  }

  private static let withoutStripeDecimals: Set<String> = [
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
  ]

  private static let withThreeStripeDecimals: Set<String> = ["BHD", "JOD", "KWD", "OMR", "TND"]
}
