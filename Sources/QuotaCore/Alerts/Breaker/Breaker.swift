import FoundationEssentials

/// When so many organizations move beyond reason at once that the vendor's figures are suspect rather than everybody's
/// use: the settings `breaker`.
package struct Breaker: Hashable, Sendable {
  package var isEnabled: Bool
  /// More than so many percent of the organizations that a run compares, 1 to 100.
  package var percent: Int64
  /// And at least so many organizations.
  package var minimum: Int64
  /// Who hears of it; empty for everybody who hears of more than one organization.
  package var notify: [NotifierID]

  package init(isEnabled: Bool = true, percent: Int64 = 20, minimum: Int64 = 5, notify: [NotifierID] = []) {
    self.isEnabled = isEnabled
    self.percent = percent
    self.minimum = minimum
    self.notify = notify
  }

  /// The rule that the events bear, and that a silence may name.
  package static let rule = RuleID("breaker")

  package static let shape = Shape.object(
    Fields(
      Field("enabled", .boolean, .usually(true), "Whether it is looked for."),
      Field(
        "percent", .count(from: 1, to: 100), .usually(20),
        "More than so many percent of the organizations that a run compares."),
      Field(
        "minimum", .count(from: 1, to: 1_000_000), .usually(5),
        "And at least so many organizations. From so many refused keys on, a refusal of all is told as one."),
      Field(
        "notify", .notifiers, .usually([], "everybody who hears of more than one organization"),
        "Who hears of it, and of a refusal of every key.")
    ) { Breaker(isEnabled: $0, percent: $1, minimum: $2, notify: $3) }
  )
  .named(
    "breaker", "When so many organizations move beyond reason at once that the vendor's figures are suspect.")

  /// Whether so many suspects among so many organizations are too many.
  func trips(suspects: Int, of compared: Int) -> Bool {
    isEnabled && Int64(suspects) >= minimum && Int64(suspects) * 100 > percent * Int64(compared)
  }
}

extension Breaker: EventKind {
  package static let summary = "The vendor's data as a whole are suspect."

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    EventHeadline(
      name, "figures beyond reason", "The vendor's figures are beyond reason: \(TimedText(stamped: event.shownReason))")
  }
}
