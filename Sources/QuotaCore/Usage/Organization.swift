/// Our own id of one customer of the vendor, such as `acme`; see ``Identifier``.
package struct OrganizationID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package init(_ rawValue: String) {
    self.rawValue = rawValue
  }

  package var description: String { rawValue }

  package static func < (first: OrganizationID, second: OrganizationID) -> Bool { first.rawValue < second.rawValue }
}

/// One customer of the vendor, known to us by one API key.
package struct Organization: Hashable, Sendable {
  package let id: OrganizationID
  /// What people call it; the id where nothing else is configured.
  package let name: String
  /// The name of its plan, if it has one.
  package let plan: String?
  /// Its own quota, filled up from its plan's.
  package let quota: Quota
  package let tags: [String]
  /// The notifiers that hear of this organization's events, besides those of the rule.
  package let notify: [NotifierID]

  package init(
    id: OrganizationID, name: String? = nil, plan: String? = nil, quota: Quota = Quota(), tags: [String] = [],
    notify: [NotifierID] = []
  ) {
    self.id = id
    self.name = name ?? id.rawValue
    self.plan = plan
    self.quota = quota
    self.tags = tags
    self.notify = notify
  }
}
