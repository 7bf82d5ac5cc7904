import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("Alerts in the database")
struct StoredAlertsTests {
  @Test("They come back as they were saved, the newest change first, by status", arguments: StoreEngine.all)
  func saved(engine: StoreEngine) async throws {
    let store = try engine.store()
    let alerts = [
      alert("a", changedAt: .at("01T10:00")), alert("b", changedAt: .at("03T10:00")),
      alert("c", month: nil, metric: nil, level: nil, changedAt: .at("02T10:00")),
      alert("d", level: .percent(hundredths: 9_950), status: .resolved, changedAt: .at("04T10:00")),
      alert("e", level: .count(5), status: .expired, changedAt: .at("05T10:00")),
    ]
    try await store.write { try $0.save(alerts) }
    let firing = try await store.read { try $0.alerts([.firing]) }
    #expect(firing == [alerts[1], alerts[2], alerts[0]])
    #expect(try await store.read { try $0.alerts([.resolved, .expired]) } == [alerts[4], alerts[3]])
    #expect(try await store.read { try $0.alerts([]) }.isEmpty)
    let keys = try await store.read { try $0.alertKeys([.resolved, .expired]) }
    #expect(keys.count == 2 && Set(keys) == [alerts[3].key, alerts[4].key])
  }

  @Test(
    "Those that have ended come in parts with their number: all, or those of some organizations and rules",
    arguments: StoreEngine.all)
  func ended(engine: StoreEngine) async throws {
    let store = try engine.store()
    let alerts = [
      alert("a", changedAt: .at("06T10:00")), alert("b", status: .resolved, changedAt: .at("03T10:00")),
      alert("c", status: .expired, changedAt: .at("05T10:00")),
      alert("d", status: .retired, changedAt: .at("04T10:00")),
    ]
    try await store.write { try $0.save(alerts) }
    func part(
      _ start: Int, of count: Int, where takes: (@Sendable (OrganizationID, RuleID) -> Bool)? = nil
    ) async throws -> [Alert] {
      let found = try await store.read { try $0.endedAlerts(where: takes, from: start, limit: 2) }
      #expect(found.count == count)
      return found.part
    }
    #expect(try await part(0, of: 3) == [alerts[2], alerts[3]])
    #expect(try await part(2, of: 3) == [alerts[1]])
    #expect(try await part(3, of: 3) { organization, _ in organization == .acme } == [])
    #expect(try await part(0, of: 1) { _, rule in rule.rawValue == "d" } == [alerts[3]])
    #expect(try await part(0, of: 2) { _, rule in rule.rawValue != "d" } == [alerts[2], alerts[1]])
    #expect(try await part(0, of: 0) { organization, _ in organization == .globex } == [])
  }

  @Test("Those that fire are counted by severity", arguments: StoreEngine.all)
  func counted(engine: StoreEngine) async throws {
    let store = try engine.store()
    #expect(try await store.read { try $0.firingCounts() } == [:])
    var critical = alert("c")
    critical.severity = .critical
    let alerts = [alert("a"), alert("b"), critical, alert("d", status: .resolved)]
    try await store.write { [alerts] in try $0.save(alerts) }
    #expect(try await store.read { try $0.firingCounts() } == [alerts[0].severity: 2, .critical: 1])
  }

  @Test(
    "What an alert waits for, who takes care of it and how it flaps comes back, and one that never fired can go",
    arguments: StoreEngine.all)
  func states(engine: StoreEngine) async throws {
    let store = try engine.store()
    var pending = alert("p", status: .pending)
    pending.episode = 0
    pending.pending = Alert.Pending(since: .at("23T08:00"), readings: 2, notBefore: .at("23T09:00"))
    var taken = alert("t")
    taken.acknowledgement = Acknowledgement(by: "kim", at: .at("23T08:00"), until: nil, note: "„ja“")
    taken.flapping = Flapping(count: 3, since: .at("22T08:00"), lastHeldAt: .at("23T08:00"))
    taken.reminders = 2
    taken.remindedAt = .at("23T08:30")
    try await store.write { [pending, taken] in try $0.save([pending, taken]) }
    #expect(Set(try await store.read { try $0.alerts(of: .acme) }) == [pending, taken])
    try await store.write { [pending, taken] in try $0.forget([pending.key, taken.key]) }
    #expect(try await store.read { try $0.alerts(of: .acme) } == [taken])
  }

  @Test("An alert is one row, whatever becomes of it", arguments: StoreEngine.all)
  func changed(engine: StoreEngine) async throws {
    let store = try engine.store()
    var changed = alert()
    try await store.write { [changed] in try $0.save([changed]) }
    changed.status = .resolved
    changed.episode = 2
    changed.severity = .critical
    changed.reason = "below"
    changed.evidence = Evidence(used: .max, snapshotIDs: [])
    changed.firedAt = .at("24T10:00")
    changed.changedAt = .at("25T10:00")
    try await store.write { [changed] in try $0.save([changed]) }
    #expect(try await store.read { try $0.alerts(Set(Alert.Status.allCases)) } == [changed])
  }
}

@Suite("The outbox")
struct OutboxTests {
  private func next(_ notifier: String = "ops", in store: PlacedStore) async throws -> String? {
    try await store.read {
      try $0.nextDelivery(for: NotifierID(notifier), urgentFirst: true, except: [])?.message.rawValue
    }
  }

  @Test("Events and deliveries come back as they were queued", arguments: StoreEngine.all)
  func queued(engine: StoreEngine) async throws {
    let store = try engine.store()
    let event = event("e", about: alert(level: .percent(hundredths: 9_950)))
    let delivery = Delivery(
      message: MessageID(event.id), notifier: NotifierID("ops"), channel: "slack", payload: Array(0...255) + [0, 0],
      urgency: 3, status: .dead, attempts: 10, queuedAt: .at("23T10:00"), lastAttemptAt: .at("23T10:30"),
      lastAnswer: "410 Gone – “weg”", remark: "not the usual “ok”",
      diedAt: .at("23T10:31"))
    try await store.write { try $0.enqueue([event], [delivery]) }
    #expect(try await store.read { try $0.event(event.id) } == event)
    #expect(try await store.read { try $0.deliveries(of: event.id.rawValue) } == [delivery])
    #expect(try await store.read { try $0.event(EventID(rawValue: "other")) } == nil)
  }

  @Test("What is queued already is left as it is", arguments: StoreEngine.all)
  func twice(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { try $0.enqueue([event("e")], [delivery("e"), delivery("e", to: "mail")]) }
    var sent = delivery("e")
    sent.status = .delivered
    sent.attempts = 1
    try await store.write { [sent] in try $0.update(sent) }
    let later = event("e", about: alert(changedAt: .at("29T10:00")))
    try await store.write { try $0.enqueue([later], [delivery("e"), delivery("e", to: "hook")]) }
    let found = try await store.read { try $0.deliveries(of: "e") }
    #expect(found.map(\.notifier.rawValue) == ["hook", "mail", "ops"])
    #expect(found.map(\.status) == [.pending, .pending, .delivered])
    #expect(try await store.read { try $0.event(EventID(rawValue: "e"))?.occurredAt } == .at("23T10:00"))
  }

  @Test(
    "Nothing newer waits for those who were deferred, and it is known in what firings were told",
    arguments: StoreEngine.all)
  func deferred(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { try $0.enqueue([event("one"), event("two")], [delivery("one"), delivery("two")]) }
    #expect(try await next(in: store) == "one")
    let except = Set([MessageID(rawValue: "one")])
    func newer() async throws -> String? {
      try await store.read {
        try $0.nextDelivery(for: NotifierID("ops"), urgentFirst: false, except: except)?.message.rawValue
      }
    }
    #expect(try await newer() == nil)
    let rest = delivery("one").beginning(at: .at("23T11:00")).after(
      .deferred(rest: [7], answer: "deferred: b"), at: .at("23T11:00"))
    try await store.write { try $0.update(rest) }
    #expect(try await newer() == "two")
    let stored = try await store.read { try $0.deliveries(of: "one").first }
    #expect(stored?.payload == [7] && stored?.hasArrivedInPart == true)
    let told = try await store.read { try $0.firingsTold(of: event("one").subject, to: NotifierID("ops")) }
    #expect(told.map(\.message.rawValue) == ["two", "one"])
    #expect(told.map(\.event.id.rawValue) == ["two", "one"])
  }

  @Test("A notice without its event is refused, and nothing of it stays", arguments: StoreEngine.all)
  func withoutEvent(engine: StoreEngine) async throws {
    let store = try engine.store()
    let error = await storeError { try await store.write { try $0.enqueue([], [notice(event("nothing"))]) } }
    guard case .unusable = error else { throw TestFailure() }
    #expect(try await store.read { try $0.notifiersWithWaitingNotices() }.isEmpty)
  }

  @Test(
    "A message of several events stands back while one of them waits for an older message", arguments: StoreEngine.all)
  func groupStandsBack(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (first, second) = (event("fired", about: alert()), event("other", about: alert("other-rule")))
    let resolved = event("resolved", about: alert(), transition: .resolved)
    try await store.write { writer in
      try writer.enqueue([first], [delivery("fired")])
      try writer.enqueue([second, resolved], [notice(second), notice(resolved)])
      try writer.queue(delivery("group"), of: [second.id, resolved.id])
    }
    #expect(try await next(in: store) == "fired")
    try await store.write { try $0.update(delivery("fired", status: .delivered)) }
    #expect(try await next(in: store) == "group")
    #expect(try await store.read { try $0.deliveries(of: "other").map(\.message.rawValue) } == ["group"])
  }

  @Test(
    "A notice waits, is held back, and is queued or dropped; who was told is known by the subject",
    arguments: StoreEngine.all)
  func notices(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (fired, resolved) = (event("fired"), event("resolved", transition: .resolved))
    try await store.write { writer in
      try writer.enqueue([fired, resolved], [notice(fired), notice(fired, to: "mail"), notice(resolved)])
      try writer.hold(notice(fired), .quietHours)
      try writer.drop(notice(fired, to: "mail"), .resolvedMeanwhile, for: nil)
    }
    try await store.read { reader throws in
      #expect(try reader.notifiersWithWaitingNotices() == [NotifierID("ops")])
      let waiting = try reader.waitingNotices(for: NotifierID("ops"))
      #expect(waiting.map(\.event.id.rawValue) == ["fired", "resolved"])
      #expect(waiting.map(\.state) == [.waiting(.quietHours), .waiting(nil)])
      #expect(try reader.notifiersNotified(of: fired.subject) == [NotifierID("ops")])
      #expect(try reader.notices(of: .acme, limit: 2).map(\.state) == [.waiting(nil), .dropped(.resolvedMeanwhile)])
    }
    try await store.write { try $0.queue(delivery("fired"), of: [fired.id]) }
    #expect(
      try await store.read { try $0.waitingNotices(for: NotifierID("ops")).map(\.event.id.rawValue) } == ["resolved"])
    // What is queued can neither be held back nor given up any more.
    try await store.write { writer in
      try writer.hold(notice(fired), .digest)
      try writer.drop(notice(fired), .overMeanwhile, for: nil)
    }
    let states = try await store.read { try $0.notices(of: .acme, limit: 10).map(\.state) }
    #expect(states.contains(.queued(MessageID(rawValue: "fired"))))
  }

  @Test(
    "What is told instead of a notice waits with it again when its message is taken back, and is lost with it",
    arguments: StoreEngine.all)
  func superseded(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (older, newer) = (event("older"), event("newer"))
    try await store.write { writer in
      try writer.enqueue([older, newer], [notice(older), notice(older, to: "mail"), notice(newer)])
      try writer.drop(notice(older), .superseded, for: newer.id)
      try writer.queue(delivery("newer"), of: [newer.id])
    }
    try await store.write { try $0.withdraw(MessageID(rawValue: "newer"), for: NotifierID("ops")) }
    let waiting = try await store.read { try $0.waitingNotices(for: NotifierID("ops")) }
    #expect(waiting.map(\.event.id.rawValue) == ["older", "newer"])
    try await store.write { writer in
      try writer.drop(notice(older), .superseded, for: newer.id)
      try writer.queue(delivery("newer"), of: [newer.id])
      try writer.update(delivery("newer").givenUp(at: .now, because: "gone"))
    }
    let letters = try await store.read { try $0.deadLetters() }
    #expect(letters.map { $0.events.map(\.id.rawValue) } == [["older", "newer"]])
  }

  @Test(
    "The next delivery is the oldest, or the most urgent and of equal ones the oldest",
    arguments: StoreEngine.all, [(false, ["a", "c", "b", nil]), (true, ["c", "b", "a", nil])] as [(Bool, [String?])])
  func order(engine: StoreEngine, example: (urgentFirst: Bool, expected: [String?])) async throws {
    let (urgentFirst, expected) = example
    let store = try engine.store()
    let events = ["a", "b", "c", "d"].map { event($0, about: alert("rule-\($0)")) }
    try await store.write { writer in
      try writer.enqueue(
        events,
        [
          delivery("a", urgency: 1), delivery("c", urgency: 2), delivery("b", urgency: 2), delivery("d", to: "mail"),
          delivery("d", status: .dead, urgency: 3),
        ])
    }
    for expected in expected {
      let found = try await store.read {
        try $0.nextDelivery(for: NotifierID("ops"), urgentFirst: urgentFirst, except: [])
      }
      #expect(found?.message.rawValue == expected)
      if var found {
        found.status = .delivered
        try await store.write { [found] in try $0.update(found) }
      }
    }
    #expect(try await next("mail", in: store) == "d")
    #expect(try await next("nobody", in: store) == nil)
  }

  @Test("A delivery stands back while an older one about the same thing waits", arguments: StoreEngine.all)
  func standsBack(engine: StoreEngine) async throws {
    let store = try engine.store()
    let about = alert()
    let other = alert("other-rule", level: .percent(hundredths: 5_000))
    try await store.write { writer in
      try writer.enqueue(
        [
          event("fired", about: about), event("resolved", about: about, transition: .resolved),
          event("x", about: other),
        ],
        [
          delivery("fired"), delivery("resolved", urgency: 3), delivery("x", urgency: 2),
          delivery("resolved", to: "mail"),
        ])
    }
    // Levels of the same rule, organization, month and metric are the same thing; other notifiers have their own order.
    #expect(try await next(in: store) == "x")
    #expect(try await next("mail", in: store) == "resolved")
    try await store.write { try $0.update(delivery("x", status: .delivered)) }
    #expect(try await next(in: store) == "fired")
    try await store.write { try $0.update(delivery("fired", status: .dead)) }
    #expect(try await next(in: store) == "resolved")
  }

  @Test("An attempt is written down", arguments: StoreEngine.all)
  func updated(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { try $0.enqueue([event("e")], [delivery("e")]) }
    let begun = delivery("e").beginning(at: .at("23T10:01"))
    try await store.write { try $0.update(begun) }
    #expect(try await store.read { try $0.pendingMessages(for: NotifierID("ops")) }.map(\.isAnswered) == [false])
    let after = begun.after(.retryable(reason: "503", retryAfter: .minutes(7)), at: .at("23T10:02"))
    try await store.write { try $0.update(after) }
    #expect(try await store.read { try $0.deliveries(of: "e") } == [after])
    let pending = try await store.read { try $0.pendingMessages(for: NotifierID("ops")) }
    #expect(pending.map(\.attempts) == [1] && pending.map(\.isAnswered) == [true])
    #expect(pending.first?.notices.map(\.event.id.rawValue) == ["e"])
    let lost = after.beginning(at: .at("23T10:03")).after(.unknown(reason: "broken off"), at: .at("23T10:04"))
    try await store.write { try $0.update(lost) }
    #expect(try await store.read { try $0.deliveries(of: "e") } == [lost])
    #expect(try await store.read { try $0.pendingMessages(for: NotifierID("ops")) }.map(\.isAnswered) == [false])
  }

  @Test(
    "A message that is withdrawn is not sent, and what it tells waits again; queued once more it has its bytes",
    arguments: StoreEngine.all)
  func withdrawn(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (a, b) = (event("a", about: alert("rule-a")), event("b", about: alert("rule-b")))
    try await store.write { writer in
      try writer.enqueue([a, b], [notice(a), notice(b)])
      try writer.queue(delivery("group"), of: [a.id, b.id])
      try writer.withdraw(MessageID(rawValue: "group"), for: NotifierID("ops"))
    }
    #expect(try await next(in: store) == nil)
    #expect(try await store.read { try $0.waitingNotices(for: NotifierID("ops")) }.map(\.event) == [a, b])
    #expect(try await store.read { try $0.deliveries([.withdrawn]) }.count == 1)
    try await store.write { try $0.queue(delivery("group"), of: [a.id, b.id]) }
    #expect(try await next(in: store) == "group")
    #expect(try await store.read { try $0.waitingNotices(for: NotifierID("ops")) }.isEmpty)
  }

  @Test("A message that was delivered cannot be withdrawn", arguments: StoreEngine.all)
  func delivered(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      try writer.enqueue([event("e")], [delivery("e", status: .delivered)])
      try writer.withdraw(MessageID(rawValue: "e"), for: NotifierID("ops"))
    }
    #expect(try await store.read { try $0.deliveries(of: "e") }.map(\.status) == [.delivered])
  }

  @Test("How a channel has answered is kept, and every database has a name of its own", arguments: StoreEngine.all)
  func channels(engine: StoreEngine) async throws {
    let store = try engine.store()
    #expect(try await store.read { try $0.health(of: NotifierID("ops")) } == ChannelHealth())
    let health = ChannelHealth(
      failures: 3, lastAttemptAt: .at("23T10:00"), restsUntil: .at("23T11:00"),
      disabled: .init(since: .at("23T10:00"), reason: "gone"), configuration: "0f")
    let resting = ChannelHealth(
      failures: 1, lastAttemptAt: .at("23T10:00"), restsUntil: .at("23T11:00"), configuration: "0f")
    for health in [health, resting, ChannelHealth()] {
      try await store.write { try $0.save(health, of: NotifierID("ops")) }
      #expect(try await store.read { try $0.health(of: NotifierID("ops")) } == health)
    }
    let name = try await store.read { try $0.installation() }
    #expect(name.count == 32)
    #expect(try await engine.store().read { try $0.installation() } != name)
  }

  @Test(
    "A dead letter shows with what it was to tell until it is dismissed, and who did that is kept",
    arguments: StoreEngine.all)
  func deadLetters(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { try $0.enqueue([event("e")], [delivery("e", status: .dead), delivery("e", to: "mail")]) }
    let letters = try await store.read { try $0.deadLetters() }
    #expect(letters.map(\.notifier.rawValue) == ["ops"])
    #expect(letters.first?.events.map(\.id.rawValue) == ["e"])
    #expect(try await store.read { try $0.unannouncedDeadLetters() } == letters)
    try await store.write { writer in for letter in letters { try writer.noteAnnounced(letter) } }
    #expect(try await store.read { try $0.unannouncedDeadLetters() }.isEmpty)
    var dismissed = delivery("e", status: .dead)
    dismissed.dismissal = Delivery.Dismissal(at: .at("24T10:00"), by: "kim")
    try await store.write { [dismissed] in try $0.update(dismissed) }
    #expect(try await store.read { try $0.deadLetters() }.isEmpty)
    #expect(try await store.read { try $0.deliveries([.dead]) } == [dismissed])
    // Sent again and given up again, it is news again.
    try await store.write { [dismissed] writer in
      try writer.update(dismissed.restarted(at: .at("25T10:00")))
      try writer.update(delivery("e", status: .dead))
    }
    #expect(try await store.read { try $0.unannouncedDeadLetters() }.count == 1)
  }

  @Test("A delivery that is not there cannot be updated", arguments: StoreEngine.all)
  func unknown(engine: StoreEngine) async throws {
    let store = try engine.store()
    let error = await storeError { try await store.write { try $0.update(delivery("e")) } }
    guard case .unusable(let line) = error else { throw TestFailure() }
    #expect(line.contains("ops"))
  }

  @Test("Deliveries are listed by status, the newest first, and the pending ones counted", arguments: StoreEngine.all)
  func listed(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      try writer.enqueue(
        ["a", "b", "c"].map { event($0) }, [delivery("b"), delivery("c", status: .dead), delivery("a")])
    }
    #expect(try await store.read { try $0.deliveries([.pending]).map(\.message.rawValue) } == ["a", "b"])
    #expect(try await store.read { try $0.deliveries([.pending, .dead]).map(\.message.rawValue) } == ["a", "c", "b"])
    #expect(try await store.read { try $0.deliveries([]) }.isEmpty)
    #expect(try await store.read { try $0.pendingDeliveryCount() } == 2)
  }

  @Test("What a channel has before it is counted, and since when the oldest news waits", arguments: StoreEngine.all)
  func backlog(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (first, second, dead) = (event("a"), event("b"), event("c"))
    try await store.write { writer in
      try writer.enqueue([first, second, dead], [Notice]())
      try writer.enqueue([], [notice(first), notice(second, since: .at("22T10:00")), notice(dead)])
      try writer.queue(delivery("one"), of: [first.id, second.id])
      try writer.queue(delivery("two", status: .dead), of: [dead.id])
      try writer.queue(delivery("other", to: "mail"), of: [])
    }
    try await store.read { reader throws in
      #expect(
        try reader.backlog(of: NotifierID("ops")) == Backlog(pending: 1, oldest: .at("22T10:00"), dead: 1))
      #expect(try reader.backlog(of: NotifierID("mail")) == Backlog(pending: 1, oldest: nil, dead: 0))
      #expect(try reader.backlog(of: NotifierID("nobody")) == Backlog(pending: 0, oldest: nil, dead: 0))
    }
  }

  @Test("What was delivered last, and who was told last of something, is known", arguments: StoreEngine.all)
  func last(engine: StoreEngine) async throws {
    let store = try engine.store()
    #expect(try await store.read { try $0.lastDelivered(to: NotifierID("ops")) } == nil)
    let again = event("again", about: alert(level: .count(900)))
    let resolved = event("resolved", transition: .resolved)
    try await store.write { writer in
      try writer.enqueue([event("fired"), again, resolved], [Notice]())
      try writer.enqueue([], [notice(event("fired")), notice(again, to: "mail"), notice(resolved)])
      try writer.queue(delivery("first", status: .delivered), of: [])
      try writer.queue(delivery("second", status: .delivered), of: [])
      try writer.queue(delivery("third"), of: [])
      try writer.queue(delivery("other", to: "mail", status: .delivered), of: [])
    }
    try await store.read { reader throws in
      #expect(try reader.lastDelivered(to: NotifierID("ops"))?.message.rawValue == "second")
      #expect(try reader.lastFiring(of: again.subject) == again)
      #expect(try reader.lastFiring(of: "nothing") == nil)
    }
  }

  @Test("Pending messages and dead letters have their order", arguments: StoreEngine.all)
  func orders(engine: StoreEngine) async throws {
    let store = try engine.store()
    let names = ["b", "a", "c"]
    try await store.write { writer in
      try writer.enqueue(names.map { event($0, about: alert("rule-\($0)")) }, [Notice]())
      for name in names { try writer.enqueue([], [notice(event(name, about: alert("rule-\(name)")))]) }
      for name in names { try writer.queue(delivery(name), of: [EventID(rawValue: name)]) }
    }
    let pending = try await store.read { try $0.pendingMessages(for: NotifierID("ops")) }
    #expect(pending.map(\.message.rawValue) == names)
    try await store.write { writer in for name in names { try writer.update(delivery(name, status: .dead)) } }
    try await store.read { reader throws in
      #expect(try reader.deadLetters().map(\.message.rawValue) == names.reversed())
      #expect(try reader.unannouncedDeadLetters().map(\.message.rawValue) == names)
    }
  }
}
