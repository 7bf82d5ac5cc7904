package import FoundationEssentials

/// Reads usage from the vendor, one attempt at a time; who calls decides about retries.
package protocol UsageSource: Sendable {
  /// Asks once for a month of the organization that the key belongs to.
  ///
  /// - Parameters:
  ///   - month: nil asks for the vendor's current month; the reading says which one that is.
  ///   - key: the organization's API key.
  func reading(of organization: OrganizationID, month: BillingMonth?, key: Secret) async -> UsageReply

  /// What the vendor's own clock says; nil if it cannot be had.
  func currentTime() async -> Date?
}

/// What one request for usage came to.
package struct UsageReply: Sendable {
  package let result: Result<Reading, ReadingFailure>
  /// How this machine's clock and the vendor's differed when the answer had arrived.
  package let skew: ClockSkew

  package init(_ result: Result<Reading, ReadingFailure>, skew: ClockSkew = ClockSkew()) {
    self.result = result
    self.skew = skew
  }
}
