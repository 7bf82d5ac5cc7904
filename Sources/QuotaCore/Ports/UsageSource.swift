package import FoundationEssentials

/// Reads usage from the vendor, one attempt at a time; who calls decides about retries.
package protocol UsageSource: Sendable {
  /// Asks once for a month of the organization that the key belongs to.
  ///
  /// - Parameters:
  ///   - month: nil asks for the vendor's current month; the reading says which one that is.
  ///   - key: the organization's API key.
  func reading(of organization: OrganizationID, month: BillingMonth?, key: Secret) async throws(ReadingFailure)
    -> Reading

  /// What the vendor's own clock says; nil if it cannot be had.
  func currentTime() async -> Date?
}
