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
  /// The zone of ``digest`` and ``quietHours``; nil is the billing time zone.
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
  /// Decodes the keys that every channel has. What cannot be read is reported, and keeps its default.
  ///
  /// - Parameter timeZone: decodes a zone: the database of their names is not the core's.
  package init(from object: inout ConfigurationObject, timeZone: (ConfigurationNode) -> TimeZone?) {
    organization = object.optional("organization")?.identifier().map { OrganizationID($0) }
    fallback = object.optional("fallback_notify")?.array()?.compactMap { $0.identifier() }.map { NotifierID($0) } ?? []
    sendsResolved = object.optional("send_resolved")?.boolean() ?? true
    groupAbove = object.optional("group_above")?.integer(in: 1...10_000).map(Int.init) ?? groupAbove
    maximumMessages = object.optional("max_messages")?.integer(in: 1...10_000).map(Int.init) ?? maximumMessages
    digest = object.optional("digest")?.object { Digest(from: &$0) }
    quietHours = object.optional("quiet_hours")?.object { QuietHours(from: &$0) }
    zone = object.optional("time_zone").flatMap(timeZone)
  }
}

extension DeliveryPolicy.Digest {
  init?(from object: inout ConfigurationObject) {
    let at = object.required("at")?.timeOfDay()
    let days = object.optional("days").map { $0.weekdays() } ?? Set(Weekday.allCases)
    guard let at, let days else { return nil }
    self.init(at: at, days: days)
  }
}

extension DeliveryPolicy.QuietHours {
  init?(from object: inout ConfigurationObject) {
    let from = object.required("from")?.timeOfDay()
    let to = object.required("to")?.timeOfDay()
    let days = object.optional("days").map { $0.weekdays() } ?? Set(Weekday.allCases)
    guard let from, let to, let days else { return nil }
    guard from != to else {
      object.node.report("\"from\" and \"to\" are the same time, so that it is not clear what is quiet")
      return nil
    }
    self.init(from: from, to: to, days: days)
  }
}

extension ConfigurationNode {
  fileprivate func timeOfDay() -> TimeOfDay? {
    guard let text = string() else { return nil }
    guard let time = TimeOfDay(text) else {
      report("expected a time of the day such as \"09:00\" or \"22:30\", found \"\(text)\"")
      return nil
    }
    return time
  }

  fileprivate func weekdays() -> Set<Weekday>? {
    guard let items = array(atLeast: 1) else { return nil }
    var days: Set<Weekday> = []
    for item in items {
      guard let day = item.choice(of: Weekday.self) else { continue }
      if !days.insert(day).inserted { item.report("\"\(day.rawValue)\" stands here twice") }
    }
    return days
  }
}
