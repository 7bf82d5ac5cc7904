/// How far a billing month has come.
package struct MonthSummary: Hashable, Sendable {
  package let month: BillingMonth
  /// How many organizations have a reading of it.
  package let read: Int
  /// Of how many the figures are taken as final.
  package let settled: Int
  /// Of how many it is closed.
  package let closed: Int
  /// How many lines of invoices claim something for it.
  package let invoiceLines: Int

  package init(month: BillingMonth, read: Int, settled: Int, closed: Int, invoiceLines: Int) {
    (self.month, self.read, self.settled, self.closed) = (month, read, settled, closed)
    self.invoiceLines = invoiceLines
  }
}
