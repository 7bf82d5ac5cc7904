import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("What is said of an alert besides that it fires")
struct AlertMarksTests {
  private let now = moment("2026-11-23T12:00")
  private let event = Event.threshold(crossed: ["80%"])

  private func alert(_ level: Level?, _ status: Alert.Status = .firing, until: Date? = nil, taken: Bool = false)
    -> Alert
  {
    Alert(
      key: AlertKey(
        rule: event.rule, organization: OrganizationID("acme"), month: event.month, metric: event.metric, level: level),
      status: status, severity: .warning, episode: 1, firedAt: now, changedAt: now, reason: "", evidence: Evidence(),
      acknowledgement: taken ? Acknowledgement(by: "kim", at: now - .hours(2), until: until, note: nil) : nil)
  }

  private func silence(_ organization: String?, until: Date, ended: Bool = false) -> Silence {
    var silence = Silence(
      id: 1, organization: organization.map { OrganizationID($0) }, rule: nil, from: now - .hours(1), until: until,
      reason: "r", createdBy: "kim")
    if ended { silence.ended = Silence.Ending(at: now, by: "lee") }
    return silence
  }

  @Test("is that a silence holds it back, as long as it lasts and is not ended")
  func silenced() {
    let fires = alert(event.level)
    func marks(_ silence: Silence) -> [AlertMark] { AlertMarks(silences: [silence], now: now).marks(of: fires) }
    #expect(marks(silence("acme", until: now + .hours(1))) == [.silenced])
    #expect(marks(silence("globex", until: now + .hours(1))) == [])
    #expect(marks(silence("acme", until: now)) == [])
    #expect(marks(silence("acme", until: now + .hours(1), ended: true)) == [])
  }

  @Test("is that somebody has taken charge of it, until then")
  func acknowledged() {
    let marks = AlertMarks(now: now)
    #expect(marks.marks(of: alert(event.level, taken: true)) == [.acknowledged])
    #expect(marks.marks(of: alert(event.level, until: now, taken: true)) == [])
    #expect(marks.marks(of: alert(event.level, .resolved, taken: true)) == [])
  }

  @Test("is that a channel has not taken what tells of this level")
  func retrying() {
    let notice = Notice(event: event, notifier: NotifierID("ops"), since: now)
    let pending = PendingMessage(
      message: MessageID("m"), attempts: 2, isAnswered: true, queuedAt: now, notices: [notice])
    let marks = AlertMarks(pending: [pending], now: now)
    #expect(marks.marks(of: alert(event.level)) == [.retrying])
    #expect(marks.marks(of: alert(.count(1))) == [])
    #expect(marks.marks(of: [alert(.count(1)), alert(event.level, taken: true)]) == [.acknowledged, .retrying])
  }
}
