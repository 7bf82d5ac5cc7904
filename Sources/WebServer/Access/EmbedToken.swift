package import FoundationEssentials
package import QuotaCore

/// What `quotawatch embed` makes: whoever shows it may see one organization, in one way, for a time.
package struct EmbedToken: Hashable, Sendable {
  /// What a token opens.
  package enum Kind: String, CaseIterable, Sendable {
    /// The page for others' frames, and the organization in the API.
    case page
    /// The badge.
    case badge

    /// The longest that a token lives.
    package var longestLife: TimeSpan {
      switch self {
      case .page: .days(1)
      case .badge: .days(3_653)
      }
    }
  }

  package let kind: Kind
  package let organization: OrganizationID
  /// From then on it opens nothing; in whole seconds.
  package let expiry: Date

  package init(_ kind: Kind, of organization: OrganizationID, until expiry: Date) {
    self.kind = kind
    self.organization = organization
    self.expiry = Date(timeIntervalSince1970: expiry.timeIntervalSince1970.rounded(.down))
  }

  /// What is signed, and stands in front of the signature: `page~acme~1764144000`.
  var claim: String { "\(kind.rawValue)~\(organization)~\(Int(expiry.timeIntervalSince1970))" }

  init?(claim: some StringProtocol) {
    let parts = claim.split(separator: "~", omittingEmptySubsequences: false)
    guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])), Identifier.isValid(String(parts[1])),
      let expiry = Int64(parts[2]), (0...253_402_300_799).contains(expiry)
    else { return nil }
    self.init(kind, of: OrganizationID(String(parts[1])), until: Date(timeIntervalSince1970: Double(expiry)))
  }
}
