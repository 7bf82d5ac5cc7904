import FoundationEssentials
package import QuotaCore

/// A message that was given up, as JSON.
package struct DeadLetterOutput: Encodable {
  let message: MessageID
  let notifier: NotifierID
  let givenUpAt: Date
  let reason: String
  let events: [EventID]
  let organizations: [OrganizationID]

  package init(_ letter: DeadLetter) {
    message = letter.message
    notifier = letter.notifier
    givenUpAt = letter.diedAt
    reason = letter.reason
    events = letter.events.map(\.id)
    organizations = Set(letter.events.compactMap(\.organization)).sorted()
  }
}
