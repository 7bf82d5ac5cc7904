/// Reads the closing journal.
package protocol ClosingReader {
  /// The entry that the next one follows.
  func lastClosing() throws -> Closing?

  func closing(_ sequence: Int64) throws -> Closing?

  /// The closings of these organizations' months that hold now: a month that was opened again has none.
  func closedMonths(
    of organizations: [OrganizationID], from first: BillingMonth, to last: BillingMonth
  ) throws -> [OrganizationID: [BillingMonth: Closing]]

  /// The organizations of which one of these months is closed now, by id.
  func closedOrganizations(from first: BillingMonth, to last: BillingMonth) throws -> [OrganizationID]

  /// Visits the whole journal in its order.
  func visitClosings(_ visit: (StoredClosing) throws -> Void) throws
}

/// Adds to the closing journal.
package protocol ClosingWriter: ClosingReader {
  /// Adds an entry; its number must be the next.
  func append(_ closing: Closing) throws
}

/// An entry of the closing journal beside the readings as they are now.
package struct StoredClosing: Sendable {
  package let closing: Closing
  /// The counters of the snapshot that the entry names; nil if there is none.
  package let snapshotCounters: Counters?
  /// The month's latest snapshot.
  package let latest: Snapshot?

  package init(closing: Closing, snapshotCounters: Counters?, latest: Snapshot?) {
    self.closing = closing
    self.snapshotCounters = snapshotCounters
    self.latest = latest
  }
}
