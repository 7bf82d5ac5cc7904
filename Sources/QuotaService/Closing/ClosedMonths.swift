import QuotaCore

/// The closings that hold of some organizations' months.
struct ClosedMonths {
  private let closings: [OrganizationID: [BillingMonth: Closing]]

  /// Reads what is closed of these months; asks for nothing where there are none.
  init(of months: [(organization: OrganizationID, month: BillingMonth)], _ reader: any StoreReader) throws {
    guard let first = months.map(\.month).min(), let last = months.map(\.month).max() else {
      closings = [:]
      return
    }
    closings = try reader.closedMonths(of: Set(months.map(\.organization)).sorted(), from: first, to: last)
  }

  /// The same for runs that have read the current month first: that one is not asked for, so that the usual run asks for
  /// nothing.
  init(ofPastIn runs: [(organization: OrganizationID, readings: [Reading])], _ reader: any StoreReader) throws {
    try self.init(of: runs.flatMap { run in run.readings.dropFirst().map { (run.organization, $0.month) } }, reader)
  }

  subscript(organization: OrganizationID, month: BillingMonth) -> ClosedMonth? {
    closings[organization]?[month]?.closedMonth
  }
}
