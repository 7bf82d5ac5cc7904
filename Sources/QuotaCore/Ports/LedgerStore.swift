package import FoundationEssentials

/// Reads the ledger.
package protocol LedgerReader {
  func execution(_ key: Execution.Key) throws -> Execution?

  /// The executions with an id, of whatever organization and kind.
  func executions(with id: ExecutionID) throws -> [Execution]

  /// The executions that have not ended and were not given up, oldest first.
  ///
  /// - Parameter organizations: only theirs.
  func openExecutions(of organizations: Set<OrganizationID>) throws -> [Execution]

  /// What the ledger holds of these organizations' months; a month of which it holds nothing has no entry.
  func ledger(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: LedgerMonth]]

  /// The organizations of which the ledger holds anything, by id, whether they are still configured or not.
  func ledgerOrganizations() throws -> [OrganizationID]

  /// From the first month in which something was requested or ended to the last; nil for an empty ledger.
  func ledgerMonths() throws -> ClosedRange<BillingMonth>?
}

/// Writes the ledger.
package protocol LedgerWriter: LedgerReader {
  /// Tells that many reports follow, such as a file's, so that what they come back to is kept in memory.
  func expectManyReports() throws

  /// Takes a report to what is known (see ``Execution/change(of:by:)``) and says what it did.
  func record(_ report: ExecutionReport) throws -> Execution.Change

  /// Notes that the vendor was asked for executions, and which of them it is no longer asked for.
  func notePoll(_ keys: [Execution.Key], givenUp: Set<Execution.Key>, at time: Date) throws
}
