/// How much was read.
package struct StoredExtent: Hashable, Sendable {
  package let snapshots: Int64
  /// Nil if nothing was read.
  package let firstMonth: BillingMonth?

  package init(snapshots: Int64, firstMonth: BillingMonth?) {
    (self.snapshots, self.firstMonth) = (snapshots, firstMonth)
  }
}
