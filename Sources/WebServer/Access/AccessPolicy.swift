import Crypto
import FoundationEssentials
package import QuotaCore

/// Who may ask a server for what.
package struct AccessPolicy: Sendable {
  /// What somebody may do.
  package enum Scope: String, CaseIterable, Codable, Sendable {
    /// See organizations, and what became of them: pages and the API.
    case read
    /// Collect the metrics.
    case metrics

    /// What looks and changes nothing.
    static let looking: Set<Scope> = [.read, .metrics]
  }

  /// What somebody shows who asks, as `Authorization: Bearer …`.
  package struct Token: Sendable {
    package let name: String
    let key: SymmetricKey
    package let scopes: Set<Scope>
    /// Only these; nil for all.
    package let organizations: Set<OrganizationID>?

    package init(name: String, secret: Secret, scopes: Set<Scope>, organizations: Set<OrganizationID>?) {
      self.name = name
      key = SymmetricKey(data: Data(secret.reveal().utf8))
      self.scopes = scopes
      self.organizations = organizations
    }
  }

  /// A proxy that has asked who somebody is, and says so in a header.
  package struct Proxy: Sendable {
    package let header: String
    /// Where it is; nobody else is believed.
    package let peers: [AddressRange]

    package init(header: String, peers: [AddressRange]) {
      self.header = header
      self.peers = peers
    }
  }

  /// Somebody who asks.
  package struct Visitor: Hashable, Sendable {
    /// Nil for somebody on this machine, of whom nothing else is known.
    package let name: String?
    package let scopes: Set<Scope>
    /// Only these; nil for all.
    package let organizations: Set<OrganizationID>?

    /// Whether they may see an organization, if there is one.
    package func sees(_ organization: OrganizationID) -> Bool { organizations?.contains(organization) ?? true }
  }

  /// Whether the server can be reached from this machine alone: then reading takes no login.
  package var isLocal: Bool
  /// The names that the server goes by, besides addresses and `localhost`.
  package var hosts: Set<String>
  package var tokens: [Token]
  package var proxy: Proxy?
  /// Nil where nothing is shown on others' pages.
  package var embedding: Embedding?

  package init(
    isLocal: Bool, hosts: Set<String> = [], tokens: [Token] = [], proxy: Proxy? = nil, embedding: Embedding? = nil
  ) {
    self.isLocal = isLocal
    self.hosts = Set(hosts.map { $0.lowercased() })
    self.tokens = tokens
    self.proxy = proxy
    self.embedding = embedding
  }

  /// Whether the server goes by this name. A page elsewhere whose name was made to lead here (DNS rebinding) asks by
  /// another one.
  ///
  /// - Parameter host: of the request, with or without a port.
  func answers(to host: String?) -> Bool {
    guard let host = host?.lowercased(), !host.isEmpty else { return false }
    let name = host.hasPrefix("[") ? host.prefix { $0 != "]" }.dropFirst() : host.prefix { $0 != ":" }
    return name == "localhost" || hosts.contains(String(name)) || AddressRange(String(name)) != nil
  }

  /// Who asks; nil if that is not known, or if a token is wrong.
  ///
  /// - Parameters:
  ///   - peer: the address of the other side.
  ///   - authorization: what the request says in that header.
  ///   - field: looks a header of the request up.
  func visitor(from peer: String?, authorization: String?, _ field: (String) -> String?) -> Visitor? {
    if let authorization { return visitor(authorization) }
    if let proxy, let peer, proxy.peers.contains(where: { $0.contains(peer) }), let name = field(proxy.header),
      !name.isEmpty
    {
      return Visitor(name: ForeignText.line(name, limit: 100), scopes: Scope.looking, organizations: nil)
    }
    // What a proxy on this machine passes on comes from elsewhere.
    guard isLocal, Self.forwarding.allSatisfy({ field($0) == nil }) else { return nil }
    return Visitor(name: nil, scopes: Scope.looking, organizations: nil)
  }

  /// By which proxies say whom they ask for.
  private static let forwarding = ["Forwarded", "X-Forwarded-For", "X-Real-IP"]

  /// Compares with every token, in a time that does not depend on where a difference is.
  private func visitor(_ authorization: String) -> Visitor? {
    guard let shown = Self.bearer(authorization).map({ Data($0.utf8) }) else { return nil }
    var found: Visitor?
    for token in tokens {
      let expected = HMAC<SHA256>.authenticationCode(for: Self.purpose, using: token.key)
      let given = HMAC<SHA256>.authenticationCode(for: Self.purpose, using: SymmetricKey(data: shown))
      if expected == given {
        found = Visitor(name: token.name, scopes: token.scopes, organizations: token.organizations)
      }
    }
    return found
  }

  /// What stands behind `Bearer` in `Authorization`.
  static func bearer(_ authorization: String) -> String? {
    let parts = authorization.split(separator: " ", maxSplits: 1)
    return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
  }

  private static let purpose = Data("quotawatch bearer token".utf8)
}
