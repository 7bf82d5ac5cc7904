package import FoundationEssentials

/// When and how a notifier is told: the keys that every channel has beside its own.
package struct DeliveryPolicy: Hashable, Sendable {
  /// The one organization whose events it gets, for a channel that belongs to a client; nil for everybody's.
  package var organization: OrganizationID?
  /// Who is told what it could not be told.
  package var fallback: [NotifierID] = []
  /// Whether it hears of resolutions.
  package var sendsResolved = true
  /// One run's events come one by one up to so many, and in one message above; at least 1.
  package var groupAbove = 3
  /// How many messages one run queues at most; the rest becomes one. At least 1.
  package var maximumMessages = 20
  /// When everything below `critical` comes in one message; nil tells it at once.
  package var digest: Digest?
  /// When everything below `critical` is held back.
  package var quietHours: QuietHours?
  /// The zone of ``digest``, ``quietHours`` and the times in messages; nil is the billing time zone.
  package var zone: TimeZone?

  package init() {}

  /// Once a day, on some days of the week.
  package struct Digest: Hashable, Sendable {
    package var at: TimeOfDay
    /// Not empty.
    package var days: Set<Weekday>

    package init(at: TimeOfDay, days: Set<Weekday> = Set(Weekday.allCases)) {
      self.at = at
      self.days = days
    }
  }

  /// From one time of the day to another, which may lie on the next day.
  package struct QuietHours: Hashable, Sendable {
    package var from: TimeOfDay
    /// Different from ``from``.
    package var to: TimeOfDay
    /// The days on which they begin; not empty.
    package var days: Set<Weekday>

    package init(from: TimeOfDay, to: TimeOfDay, days: Set<Weekday> = Set(Weekday.allCases)) {
      self.from = from
      self.to = to
      self.days = days
    }
  }
}

extension DeliveryPolicy {
  /// The keys that every channel has.
  ///
  /// - Parameter refusal: why a channel takes no more than one event in a message, by the key that asks for it; nil if
  ///   it takes several.
  package static func fields(refusingGroups refusal: (@Sendable (_ key: String) -> String)?) -> Fields<DeliveryPolicy> {
    let fields = Fields(
      Field(
        "organization", .reference(to: .organization), .optional("everybody's"),
        "The one organization whose events it gets, for a channel that belongs to a client."),
      Field(
        "fallback_notify", .notifiers, .usually([]),
        "Who is told at once what it refuses or cannot be told any more."),
      Field("send_resolved", .boolean, .usually(true), "Whether it hears that an alert is over."),
      Field(
        "group_above", .integer(from: 1, to: 10_000), .usually(DeliveryPolicy().groupAbove),
        "One run's events come one by one up to so many, and in one message above."),
      Field(
        "max_messages", .integer(from: 1, to: 10_000), .usually(DeliveryPolicy().maximumMessages),
        "How many messages one run sends at most; the rest becomes one, or for a webhook as many as its size needs."),
      Field(
        "digest", Digest.shape, .optional, "When everything below `critical` comes in one message."),
      Field(
        "quiet_hours", QuietHours.shape, .optional,
        "When everything below `critical` is held back, and told afterwards in one message."),
      Field(
        "time_zone", .timeZone, .optional("`billing_time_zone`"),
        "The zone of `digest`, `quiet_hours` and the times in messages.")
    ) { organization, fallback, sendsResolved, groupAbove, maximumMessages, digest, quietHours, zone in
      var policy = DeliveryPolicy()
      policy.organization = organization.map { OrganizationID($0) }
      policy.fallback = fallback
      policy.sendsResolved = sendsResolved
      policy.groupAbove = groupAbove
      policy.maximumMessages = maximumMessages
      policy.digest = digest
      policy.quietHours = quietHours
      policy.zone = zone?.zone
      return policy
    }
    guard let refusal else { return fields }
    return fields.refusing(["digest", "group_above", "max_messages"], else: refusal)
  }
}

extension DeliveryPolicy.Digest {
  fileprivate static let shape = Shape.object(
    Fields(
      Field("at", .timeOfDay, .required, "The time of the day."),
      Field("days", .weekdays, .usually(Set(Weekday.allCases), "all"), "The days of the week.")
    ) { DeliveryPolicy.Digest(at: $0, days: $1) }
  )
  .named("digest", "Once a day, or on some days of the week.")
}

extension DeliveryPolicy.QuietHours {
  fileprivate static let shape = Shape.object(
    Fields(
      Field("from", .timeOfDay, .required, "When they begin."),
      Field("to", .timeOfDay, .required, "When they end, which may be on the next day."),
      Field("days", .weekdays, .usually(Set(Weekday.allCases), "all"), "The days on which they begin.")
    ) { DeliveryPolicy.QuietHours(from: $0, to: $1, days: $2) }
    .checked {
      $0.from == $0.to ? "\"from\" and \"to\" are the same time, so that it is not clear what is quiet" : nil
    }
  )
  .named("quietHours", "From one time of the day to another.")
  .tried([["from": "22:00", "to": "07:00"]])
}

extension Shape<TimeOfDay> {
  fileprivate static var timeOfDay: Shape {
    Shape(
      "time of the day", pattern: "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", accepts: ["00:00", "22:30", "23:59"],
      refuses: ["9:00", "24:00", "12:60"], encode: { .text("\($0)") }
    ) { node in
      guard let text = node.string() else { return nil }
      guard let time = TimeOfDay(text) else {
        node.report("expected a time of the day such as \"09:00\" or \"22:30\", found \"\(text)\"")
        return nil
      }
      return time
    }
    .named("timeOfDay", "A time of the day such as 09:00.")
  }
}

extension Shape<Set<Weekday>> {
  fileprivate static var weekdays: Shape {
    Shape<[Weekday]>.distinct(.choice(of: Weekday.self), atLeast: 1) { "\"\($0.rawValue)\"" }.map { Set($0) }
      .named("weekdays", "Days of the week, at least one.")
  }
}
