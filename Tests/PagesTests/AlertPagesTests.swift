import FoundationEssentials
import QuotaCore
import Testing

@testable import Pages

@Suite("The pages about alerts")
struct AlertPagesTests {
  private let acme = OrganizationID("acme")
  private let now = PageTestWorld.now

  private func alert(_ status: Alert.Status, level: Int64 = 8_000, severity: Severity = .warning) -> Alert {
    Alert(
      key: AlertKey(
        rule: RuleID("pages-quota"), organization: acme, month: PageTestWorld.month, metric: .pages,
        level: .percent(hundredths: level)),
      status: status, severity: severity, episode: 1, firedAt: now - .hours(2), changedAt: now - .hours(1),
      reason: "\(status.rawValue) <because>", evidence: Evidence(),
      pending: status == .pending ? .init(since: now - .hours(3), readings: 2, notBefore: nil) : nil)
  }

  private func event(_ reason: String, _ organization: OrganizationID? = OrganizationID("acme")) -> Event {
    Event(
      id: EventID("e-\(reason)"), transition: .firing, rule: RuleID("pages-quota"), topic: .rule(.threshold),
      severity: .warning, organization: organization, organizationName: "Acme Corp", reason: reason,
      evidence: Evidence(), occurredAt: now - .hours(2))
  }

  @Test("What fires, is pending, is held with the reason, is silenced and has ended are told apart")
  func alerts() throws {
    var view = AlertsPage.View(names: [acme: "Acme Corp"])
    view.open = [alert(.pending), alert(.firing)]
    view.held = [
      Notice(event: event("held"), notifier: NotifierID("ops"), state: .waiting(.quietHours), since: now - .hours(1))
    ]
    view.silences = [
      Silence(
        id: 3, organization: acme, rule: nil, from: now - .hours(1), until: now + .hours(1), reason: "moving house",
        createdBy: "kim")
    ]
    view.marks = AlertMarks(silences: view.silences, now: now)
    (view.ended, view.endedCount) = ([alert(.resolved)], 120)
    let page = AlertsPage(view, query: ListQuery([:])).html(try PageTestWorld.frame())
    for text in [
      "firing &lt;because&gt;", "pending &lt;because&gt;", "seen in 2 readings", "quiet hours", "moving house",
      "1 alert", "⊘</span> Silenced",
      "1–50 of 120 alerts", "/organizations/acme", "80 %",
    ] { #expect(page.contains(text), "\(text)") }
    #expect(!page.contains("Nothing"))
  }

  @Test("Where there is nothing, each part says so")
  func calm() throws {
    let page = AlertsPage(.init(names: [:]), query: ListQuery([:])).html(try PageTestWorld.frame())
    for text in [
      "Nothing fires.", "Nothing is pending.", "Nothing is held back.", "Nothing is silenced.", "No alert has ended.",
    ] { #expect(page.contains(text)) }
  }

  @Test("A channel shows how it is, what waits for it and what it did not take")
  func deliveries() throws {
    var health = ChannelHealth(failures: 2, lastAttemptAt: now - .minutes(5))
    health.disabled = .init(since: now - .hours(1), reason: "HTTP 410 <gone>")
    let delivery = Delivery(
      message: MessageID("m"), notifier: NotifierID("ops"), channel: "webhook", payload: [], attempts: 2,
      queuedAt: now - .hours(3), lastAnswer: "HTTP 503")
    let page = DeliveriesPage(
      [
        .init(
          id: NotifierID("ops"), type: "webhook", health: health, lastDelivered: nil,
          pending: [.init(delivery: delivery, events: [event("on its way")])],
          dead: [
            DeadLetter(
              message: MessageID("d"), notifier: NotifierID("ops"), diedAt: now - .hours(4), reason: "HTTP 400",
              events: [event("lost")])
          ], waiting: [])
      ], query: ListQuery([:])
    ).html(try PageTestWorld.frame())
    for text in [
      "Disabled", "HTTP 410 &lt;gone&gt;", "on its way", "after 2 attempts: HTTP 503", "lost", "given up", "HTTP 400",
      "never",
    ] { #expect(page.contains(text), "\(text)") }
  }

  @Test(
    "Each list is shown in pages, and has its own",
    arguments: [(1, "1–50 of 120 alerts"), (3, "101–120 of 120 alerts")])
  func longLists(page: Int, range: String) throws {
    var view = AlertsPage.View(names: [acme: "Acme Corp"])
    view.open = (0..<120).map { alert(.firing, level: 100 + $0) }
    let html = AlertsPage(view, query: ListQuery(["firing": "\(page)", "q": "acme"])).html(try PageTestWorld.frame())
    #expect(html.contains(range))
    #expect(html.components(separatedBy: "firing &lt;because&gt;").count - 1 == (page == 1 ? 50 : 20))
    #expect(html.contains("href=\"/alerts?q=acme&amp;firing=2#firing\""))
    #expect(html.contains("aria-label=\"Pages of firing alerts\""))
  }

  @Test("Dead letters are shown in pages, and what is in one message up to a number")
  func manyDeadLetters() throws {
    let letters = (0..<300).map { number in
      DeadLetter(
        message: MessageID("d\(number)"), notifier: NotifierID("ops"), diedAt: now, reason: "HTTP 400",
        events: (0..<(number == 0 ? 30 : 1)).map { event("lost \($0)") })
    }
    let page = DeliveriesPage(
      [
        .init(
          id: NotifierID("ops"), type: "webhook", health: ChannelHealth(), lastDelivered: nil, pending: [],
          dead: letters, waiting: [])
      ], query: ListQuery(["dead-ops": "1"])
    ).html(try PageTestWorld.frame())
    #expect(page.contains("1–50 of 300 messages"))
    #expect(page.contains("href=\"/deliveries?dead-ops=2#dead-ops\""))
    #expect(page.contains("id=\"dead-ops\""))
    #expect(page.contains("and 10 events more in the same message"))
  }

  @Test("What can be unfolded is known again by what it belongs to, not by its place")
  func folds() throws {
    var view = AlertsPage.View(names: [acme: "Acme Corp"])
    view.open = (0..<3).map { alert(.firing, level: 5_000 + $0) }
    let html = AlertsPage(view, query: ListQuery([:])).html(try PageTestWorld.frame(mayAct: true))
    let keys = html.matches(of: try Regex(#"<details[^>]* data-key="([^"]+)""#)).map { $0.output[1].substring ?? "" }
    #expect(keys.count == 7 && Set(keys).count == 7, "\(keys)")
    for (name, bytes) in PageTemplates.sources {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.matches(of: try Regex("<details(?![^>]* data-key=)")).isEmpty, "\(name)")
    }
  }

  @Test("A table that is too wide for a screen scrolls by itself, and no figure is broken")
  func wideTables() throws {
    for (name, bytes) in PageTemplates.sources {
      let text = String(decoding: bytes, as: UTF8.self)
      let scrolling = text.components(separatedBy: "<div class=\"scroll\"><table").count
      #expect(text.components(separatedBy: "<table").count == scrolling, "\(name)")
    }
    let style = String(decoding: PageAsset.style.bytes, as: UTF8.self)
    #expect(style.contains(".scroll { overflow-x: auto; }"))
    #expect(style.contains(".totals b { display: block; white-space: nowrap;"))
  }

  @Test("The system’s page is offered to those who see every organization alone")
  func places() throws {
    let page = AlertsPage(.init(names: [:]), query: ListQuery([:]))
    #expect(page.html(try PageTestWorld.frame()).contains("href=\"/system\""))
    #expect(!page.html(try PageTestWorld.frame(seesAll: false)).contains("href=\"/system\""))
  }
}
