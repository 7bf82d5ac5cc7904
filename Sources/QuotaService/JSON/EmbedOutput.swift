import FoundationEssentials
import QuotaCore
import WebServer

/// A token as JSON.
package struct EmbedOutput: Encodable {
  let token: String
  let kind: String
  let organizationId: OrganizationID
  let path: String
  let expiresAt: Date

  package init(_ minted: MintEmbedToken.Minted) {
    token = minted.text
    kind = minted.token.kind.rawValue
    organizationId = minted.token.organization
    path = minted.path
    expiresAt = minted.token.expiry
  }
}
