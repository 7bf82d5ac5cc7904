/// Another organization whose counters went through the same values, so that both keys probably see the same customer.
package struct DuplicateKey: Hashable, Sendable {
  package let organization: OrganizationID
  /// How many different values both counters were seen to share.
  package let readings: Int

  package init(organization: OrganizationID, readings: Int) {
    self.organization = organization
    self.readings = readings
  }
}

/// What a search for an organization's duplicate keys has come to. Of whom it names in neither list, too little is known.
package struct DuplicateKeys: Hashable, Sendable {
  package var duplicates: [DuplicateKey]
  /// Those whose counters are seen to be others.
  package var strangers: Set<OrganizationID>

  package init(duplicates: [DuplicateKey] = [], strangers: Set<OrganizationID> = []) {
    self.duplicates = duplicates
    self.strangers = strangers
  }
}
