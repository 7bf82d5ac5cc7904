package import QuotaCore

/// The months that there are to be reconciled.
package struct ReconciliationIndexPage: Sendable {
  private let months: [MonthSummary]
  private let rehearsal: InvoiceRehearsal?

  /// - Parameters:
  ///   - months: the latest first.
  ///   - rehearsal: what importing a file would do.
  package init(_ months: [MonthSummary], _ rehearsal: InvoiceRehearsal? = nil) {
    (self.months, self.rehearsal) = (months, rehearsal)
  }

  package func html(_ frame: PageFrame) -> String {
    frame.document(
      "Reconciliation", at: .reconciliation, "reconciliation-index",
      [
        "zone": .text(frame.zoneName), "mayImport": .flag(frame.mayAct && frame.visitor?.seesAll == true),
        "rehearsal": rehearsal.map { .fields($0.fields) } ?? .none,
        "months": .rows(
          months.map { month in
            [
              "month": .text(DayText.month(month.month)), "href": .text("/reconciliation/\(month.month)"),
              "read": .text(month.read.grouped), "settled": .text(month.settled.grouped),
              "closed": .text(month.closed.grouped), "lines": .text(month.invoiceLines.grouped),
              "isCurrent": .flag(month.month == frame.month),
            ]
          }),
      ])
  }
}
