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
