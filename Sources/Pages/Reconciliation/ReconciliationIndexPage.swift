package import QuotaCore

/// The months that there are to be reconciled.
package struct ReconciliationIndexPage: Sendable {
  private let months: [MonthSummary]

  /// - Parameter months: the latest first.
  package init(_ months: [MonthSummary]) {
    self.months = months
  }

  package func html(_ frame: PageFrame) -> String {
    frame.document(
      "Reconciliation", at: .reconciliation, "reconciliation-index",
      [
        "zone": .text(frame.zoneName),
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
