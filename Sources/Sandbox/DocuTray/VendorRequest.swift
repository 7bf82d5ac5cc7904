package import FoundationEssentials
package import QuotaCore

/// One request to the vendor, and what it was answered.
package struct VendorRequest: Sendable {
  /// What the vendor did.
  package enum Outcome: Hashable, Sendable {
    /// A documented answer with this status.
    case status(Int)
    case usage(BillingMonth, Counters)
    /// An injected fault, by its name.
    case fault(Fault.Name)
  }

  /// `GET /api/usage`, without the query.
  package let endpoint: String
  /// As it was sent, without `?`; nil if there was none.
  package let query: String?
  /// Nil if the key belongs to nobody.
  package let organization: OrganizationID?
  /// Tells keys apart without telling them (FNV-1a, 16 hexadecimal digits); nil if none was sent.
  package let keyHash: String?
  /// By the vendor's clock.
  package let vendorTime: Date
  /// By the machine's clock.
  package let receivedAt: Date
  package let outcome: Outcome

  /// The hash under which a key's requests are recorded.
  package static func hash(ofKey key: String) -> String {
    key.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }.hexadecimal(digits: 16)
  }
}
