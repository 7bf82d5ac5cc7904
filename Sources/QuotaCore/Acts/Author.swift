/// Who does something.
package struct Author: Hashable, Sendable {
  /// The name of a token, of a proxy's user, or of the user of this machine.
  package let name: String
  package let way: Act.Way
  /// Only about these; nil for all.
  package var organizations: Set<OrganizationID>?
  /// What is asked for, where it is to be done once however often it is asked for.
  package var request: RequestKey?

  package init(
    name: String, way: Act.Way, organizations: Set<OrganizationID>? = nil, request: RequestKey? = nil
  ) {
    (self.name, self.way, self.organizations, self.request) = (name, way, organizations, request)
  }

  /// Whether they may do something about an organization; about none is about all of them.
  package func mayAct(on organization: OrganizationID?) -> Bool {
    organizations.map { own in organization.map(own.contains) ?? false } ?? true
  }
}

/// What tells a request from others, and its repetition from another request under the same key.
package struct RequestKey: Hashable, Sendable {
  /// Of all who ask.
  package let key: String
  /// Of everything that is asked for.
  package let digest: String

  /// For how long a request's repetition is known.
  package static let life = TimeSpan.days(1)

  package init(key: String, digest: String) {
    (self.key, self.digest) = (key, digest)
  }
}
