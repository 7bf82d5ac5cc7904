import Crypto
import FoundationEssentials
package import QuotaCore

/// Who may ask a server for what.
package struct AccessPolicy: Sendable {
  package typealias Scope = AccessScope

  /// What somebody shows who asks, as `Authorization: Bearer …`.
  package struct Token: Sendable {
    package let name: String
    let key: SymmetricKey
    /// Whether it is too long to be found by trying.
    let isLong: Bool
    package let scopes: Set<Scope>
    /// Only these; nil for all.
    package let organizations: Set<OrganizationID>?
    /// In bytes; those that `quotawatch token add` makes have more.
    static let advisedLength = 32

    package init(name: String, secret: Secret, scopes: Set<Scope>, organizations: Set<OrganizationID>?) {
      self.name = name
      key = SymmetricKey(data: Data(secret.reveal().utf8))
      isLong = secret.reveal().utf8.count >= Self.advisedLength
      self.scopes = scopes
      self.organizations = organizations
    }
  }

  /// A proxy that has asked who somebody is, and says so in a header.
  package struct Proxy: Sendable {
    package let header: String
    /// Where it is; nobody else is believed.
    package let peers: [AddressRange]
    /// What those may do whom it names.
    package let scopes: Set<Scope>

    package init(header: String, peers: [AddressRange], scopes: Set<Scope> = Scope.looking) {
      (self.header, self.peers, self.scopes) = (header, peers, scopes)
    }
  }

  /// Somebody who asks.
  package struct Visitor: Hashable, Sendable {
    /// Nil for somebody on this machine, of whom nothing else is known.
    package let name: String?
    package let scopes: Set<Scope>
    /// Only these; nil for all.
    package let organizations: Set<OrganizationID>?
    /// How that is known.
    package let source: Source

    /// How it is known who somebody is.
    package enum Source: String, Sendable {
      case token, session, proxy, machine
    }

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
  /// Whether who is on this machine may act without showing anything.
  package var allowsActionsOnLoopback = false
  /// Whether anything can be done; not where a past moment is shown.
  package var allowsActing = true
  /// Looks for a valid token that was made by `quotawatch token add`.
  package var storedToken: @Sendable (_ shown: String) async throws -> StoredToken? = { _ in nil }
  /// Who has shown wrong tokens lately.
  package var failures = FailureLimit()

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
  ///   - session: the token that somebody has signed in with. If it is wrong, it is as if they had not.
  ///   - field: looks a header of the request up.
  /// - Throws: that the other side has shown too many wrong tokens.
  func visitor(
    from peer: String?, authorization: String?, session: String? = nil, _ field: (String) -> String?
  ) async throws -> Visitor? {
    if let shown = authorization.flatMap(Self.bearer) {
      return try await visitor(shown, .token, from: client(at: peer, field))
    }
    if let session, let found = try await visitor(session, .session, from: client(at: peer, field)) { return found }
    if let proxy, isProxy(peer), let name = field(proxy.header), !name.isEmpty {
      return Visitor(
        name: ForeignText.line(name, limit: 100), scopes: possible(proxy.scopes), organizations: nil, source: .proxy)
    }
    // What a proxy on this machine passes on comes from elsewhere.
    guard isLocal, !Self.isForwarded(field) else { return nil }
    return Visitor(
      name: nil, scopes: possible(allowsActionsOnLoopback ? Scope.looking.union([.act]) : Scope.looking),
      organizations: nil, source: .machine)
  }

  /// By which proxies say whom they ask for.
  private static let forwarding = ["Forwarded", "X-Forwarded-For", "X-Real-IP"]

  /// Whether a proxy says that it asks for somebody else.
  static func isForwarded(_ field: (String) -> String?) -> Bool { forwarding.contains { field($0) != nil } }

  private func isProxy(_ peer: String?) -> Bool {
    peer.map { peer in proxy?.peers.contains { $0.contains(peer) } ?? false } ?? false
  }

  /// The address of who asks: a proxy that is believed says for whom it asks.
  func client(at peer: String?, _ field: (String) -> String?) -> String {
    let last = isProxy(peer) ? field("X-Forwarded-For")?.split(separator: ",").last : nil
    return last.map { $0.filter { !$0.isWhitespace } } ?? peer ?? ""
  }

  private func possible(_ scopes: Set<Scope>) -> Set<Scope> {
    allowsActing ? scopes : scopes.intersection(Scope.looking)
  }

  /// Whose token somebody shows: one of the configuration, or one that was made by `quotawatch token add`.
  ///
  /// Who shows a long one is let in also where others at the same address, which may be a proxy's, show wrong ones.
  func visitor(_ shown: String, _ source: Visitor.Source, from client: String) async throws -> Visitor? {
    let token = configured(shown)
    if token == nil, let token = try await storedToken(shown) {
      return Visitor(
        name: token.name, scopes: possible(Set(token.scopes)), organizations: token.organizations.map { Set($0) },
        source: source)
    }
    if token?.isLong != true { try failures.check(client) }
    guard let token else {
      failures.note(client, shown)
      return nil
    }
    return Visitor(
      name: token.name, scopes: possible(token.scopes), organizations: token.organizations, source: source)
  }

  /// Compares with every token, in a time that does not depend on where a difference is.
  private func configured(_ shown: String) -> Token? {
    var found: Token?
    let given = HMAC<SHA256>.authenticationCode(
      for: Self.purpose, using: SymmetricKey(data: Data(shown.utf8)))
    guard !shown.isEmpty else { return nil }
    for token in tokens where HMAC<SHA256>.authenticationCode(for: Self.purpose, using: token.key) == given {
      found = token
    }
    return found
  }

  /// What stands behind `Bearer` in `Authorization`; nil for another scheme, which a proxy may pass on that has asked by it
  /// who somebody is.
  static func bearer(_ authorization: String) -> String? {
    let parts = authorization.split(separator: " ", maxSplits: 1)
    guard parts.first?.lowercased() == "bearer" else { return nil }
    return parts.count == 2 ? String(parts[1]) : ""
  }

  private static let purpose = Data("quotawatch bearer token".utf8)
}
