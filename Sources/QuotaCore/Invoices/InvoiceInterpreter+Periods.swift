import FoundationEssentials

extension InvoiceInterpreter {
  /// The month that a row is for: written as one, or the one that its period lies in.
  mutating func month(
    of record: some InvoiceRecord, _ doubts: inout [String]
  ) throws(Problem) -> BillingMonth? {
    if let cell = cell(.month, of: record) {
      let text = cell.text
      if let month = BillingMonth(text) { return month }
      // A spreadsheet's day has no zone, and its time tells nothing of the month.
      if case .date(let day, _) = cell, let month = BillingMonth(year: day.year, month: day.month) { return month }
      guard let moment = moment(cell), moment.precision != .time else {
        throw Problem(
          message: "\(record.place): month \"\(text)\" is not written like 2026-10\(hint(text, [.month, .day]))")
      }
      guard let month = BillingMonth(containing: moment.date, in: zone) else {
        throw Problem(message: "\(record.place): month \"\(text)\" is not one of the years 2020 to 2100")
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
    guard let cell = cell(field, of: record) else { return nil }
    if let moment = moment(cell) { return moment }
    let text = cell.text
    throw Problem(
      message: "\(record.place): \(field.rawValue) \"\(text)\" is not a date as the mapping states it in \"dates\""
        + hint(text, [.month, .day, .time]))
  }

  private mutating func moment(_ cell: InvoiceCell) -> DateGrammar.Moment? {
    let text = cell.text
    if case .date = cell { return Self.storedDates.lazy.compactMap { [zone] in $0.moment(text, in: zone) }.first }
    return moments.value(for: text) { [zone, mapping] text in
      mapping.dates.lazy.compactMap { $0.moment(text, in: zone, pivot: mapping.pivotYear) }.first
    }
  }

  /// How ``InvoiceCell/text`` writes a date.
  private static let storedDates = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss"].compactMap { DateGrammar(pattern: $0) }

  private func hint(_ text: String, _ precisions: Set<DateGrammar.Moment.Precision>) -> String {
    DateGrammar.hint(for: text, pivot: mapping.pivotYear, precisions: precisions)
  }

  /// The first moment after a month, a day or a second.
  private func next(after moment: DateGrammar.Moment) -> Date {
    let day = LocalTime(moment.date, in: zone).day
    switch moment.precision {
    case .month:
      let first = CivilDate(dayNumber: day)
      return LocalTime.moment(day: day + CivilDate.lastDay(of: first.month, in: first.year), in: zone)
    case .day: return LocalTime.moment(day: day + 1, in: zone)
    case .time: return Date(timeIntervalSince1970: moment.date.timeIntervalSince1970.rounded(.down) + 1)
    }
  }
}
