/// Another organization whose counters went through the same values, so that both keys probably see the same customer.
package struct Twin: Hashable, Sendable {
  package let organization: OrganizationID
  /// How many different values both counters were seen to share.
  package let readings: Int

  package init(organization: OrganizationID, readings: Int) {
    self.organization = organization
    self.readings = readings
  }
}

/// What a search for an organization's twins has come to. Of whom it names in neither list, too little is known.
package struct TwinFinding: Hashable, Sendable {
  package var twins: [Twin]
  /// Those whose counters are seen to be others.
  package var strangers: Set<OrganizationID>

  package init(twins: [Twin] = [], strangers: Set<OrganizationID> = []) {
    self.twins = twins
    self.strangers = strangers
  }
}
