package import FoundationEssentials

/// Reads alerts, events, and what has become of them.
package protocol AlertingReader {
  /// Alerts, newest change first.
  ///
  /// - Parameter statuses: only these.
  func alerts(_ statuses: Set<Alert.Status>) throws -> [Alert]

  /// The keys of the same in no particular order, for going over many of which little has to be known.
  func alertKeys(_ statuses: Set<Alert.Status>) throws -> [AlertKey]

  /// How many alerts fire, by severity; none of those of which none does.
  func firingCounts() throws -> [Severity: Int]

  /// Every alert of an organization, newest change first.
  func alerts(of organization: OrganizationID) throws -> [Alert]

  /// A part of the alerts that have ended, newest change first, and how many there are in all.
  ///
  /// - Parameters:
  ///   - takes: whether those of an organization by a rule are wanted; nil for all.
  ///   - start: how many are left out.
  func endedAlerts(
    where takes: ((OrganizationID, RuleID) -> Bool)?, from start: Int, limit: Int
  ) throws -> (part: [Alert], count: Int)

  func event(_ id: EventID) throws -> Event?

  /// The notifiers that some waiting notice is for.
  func notifiersWithWaitingNotices() throws -> [NotifierID]

  /// What a notifier is to be told and is in no message yet, in the order in which it came.
  func waitingNotices(for notifier: NotifierID) throws -> [Notice]

  /// The notifiers that have been, or are to be, told that something fires on a subject; see ``Event/subject``.
  func notifiersNotified(of subject: String) throws -> [NotifierID]

  /// What has become of an organization's events, the newest first, at most so many.
  func notices(of organization: OrganizationID, limit: Int) throws -> [Notice]

  /// The pending delivery of a notifier that is tried first: the oldest, or the most urgent and of equal ones the oldest.
  ///
  /// Messages about the same subject arrive in their order: a delivery stands back while an older one about the same
  /// subject is pending for the same notifier, unless some of those whom that is for have it.
  ///
  /// - Parameter except: what is left out.
  func nextDelivery(for notifier: NotifierID, urgentFirst: Bool, except: Set<MessageID>) throws -> Delivery?

  /// Deliveries by status, newest first.
  func deliveries(_ statuses: Set<Delivery.Status>) throws -> [Delivery]

  /// The deliveries of a message, or of the messages that an event is told in.
  func deliveries(of messageOrEvent: String) throws -> [Delivery]

  /// The messages to a notifier in which firings on a subject were told, or are to be, with the events, the latest first.
  func firingsTold(of subject: String, to notifier: NotifierID) throws -> [(message: MessageID, event: Event)]

  /// The events that a notifier was told and that ended something on a subject.
  func endsTold(of subject: String, to notifier: NotifierID) throws -> [Event]

  /// What was delivered to a notifier last.
  func lastDelivered(to notifier: NotifierID) throws -> Delivery?

  /// The dead letters that nobody has dismissed, with what they were to tell, newest first.
  func deadLetters() throws -> [DeadLetter]

  /// Those of which nobody was told yet, oldest first.
  func unannouncedDeadLetters() throws -> [DeadLetter]

  /// The pending messages of a notifier with what they tell, oldest first.
  func pendingMessages(for notifier: NotifierID) throws -> [PendingMessage]

  /// What a notifier's channel has before it.
  func backlog(of notifier: NotifierID) throws -> Backlog

  /// How the channel of a notifier has answered lately.
  func health(of notifier: NotifierID) throws -> ChannelHealth

  /// What tells this database from any other, made when it was.
  func installation() throws -> String

  /// How many deliveries are pending.
  func pendingDeliveryCount() throws -> Int

  /// Silences, in the order in which they were made.
  ///
  /// - Parameter time: leaves out those that have ended by then, and those that somebody has ended; nil returns all.
  func silences(endingAfter time: Date?) throws -> [Silence]

  /// The doubt about the vendor's figures as a whole that is not settled yet.
  func openBreakerTrip() throws -> BreakerTrip?

  /// Every month whose figures are in doubt, by organization and month.
  func doubts() throws -> [Doubt]

  /// The edit that closes nothing yet.
  func openRetirementHold() throws -> RetirementHold?

  /// The last firing on a subject that somebody was to be told of.
  func lastFiring(of subject: String) throws -> Event?

  /// The refusal of every key that has not ended.
  func openKeyRefusal() throws -> KeyRefusal?
}

/// Changes alerts, events, and what becomes of them.
package protocol AlertingWriter: AlertingReader {
  func save(_ alerts: [Alert]) throws

  /// Removes alerts that never fired.
  func forget(_ alerts: [AlertKey]) throws

  /// Adds events and whom they are for. One that exists already (the same id) is left as it is, apart from what a notifier
  /// was not told while it was not configured.
  func enqueue(_ events: [Event], _ notices: [Notice]) throws

  /// Lets the firings on a subject since a moment that were not told, since nothing was watched any more, wait again.
  func takeUpUnwatched(_ subject: String, since time: Date) throws

  /// Adds a message of waiting notices, which from now on is to be delivered. One that exists already is left as it is,
  /// apart from one that was withdrawn, which is pending again.
  func queue(_ delivery: Delivery, of events: [EventID]) throws

  /// Takes a pending message back: what it tells waits again to be put into a message, and so does what its events made
  /// superfluous.
  func withdraw(_ message: MessageID, for notifier: NotifierID) throws

  /// Records that others are told of a dead letter.
  func noteAnnounced(_ letter: DeadLetter) throws

  /// Records how a channel has answered.
  func save(_ health: ChannelHealth, of notifier: NotifierID) throws

  /// Removes what is known of how channels answer that are not configured any more, and returns them.
  func forgetChannels(except configured: Set<NotifierID>) throws -> [NotifierID]

  /// Records what holds a waiting notice back.
  func hold(_ notice: Notice, _ hold: Hold) throws

  /// Gives a waiting notice up.
  ///
  /// - Parameter newer: the event that makes it superfluous, with which it is lost if that cannot be delivered.
  func drop(_ notice: Notice, _ reason: DropReason, for newer: EventID?) throws

  /// Updates a delivery after an attempt.
  func update(_ delivery: Delivery) throws

  /// Adds a silence, whose id is ignored, and returns its number.
  func add(_ silence: Silence) throws -> Int64

  /// Changes when a silence begins and ends.
  func move(_ silence: Silence) throws

  /// Ends a silence now and notes who did; false if there is none of this number that lasts.
  func endSilence(_ id: Int64, at time: Date, by: String) throws -> Bool

  /// Records a doubt about the vendor's figures as a whole.
  func open(_ trip: BreakerTrip) throws

  /// Records that the open doubt is settled.
  func closeBreakerTrip(_ settlement: BreakerTrip.Ending, at time: Date) throws

  /// Stores the doubt about a month's figures, in place of the one that there was.
  func save(_ doubt: Doubt) throws

  /// Ends the doubt about a month's figures.
  func remove(_ doubt: Doubt) throws

  /// Records an edit that closes nothing yet.
  func open(_ hold: RetirementHold) throws

  /// Records that the open edit is over.
  func closeRetirementHold(at time: Date) throws

  /// Records that every key is refused.
  func open(_ refusal: KeyRefusal) throws

  /// Records that the open refusal has ended.
  func closeKeyRefusal(at time: Date) throws
}
