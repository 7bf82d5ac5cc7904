import FoundationEssentials
import QuotaCore
import QuotaService

/// What the rules say of an organization, for a person: what there is to know first, and what explains it in dim below.
struct WhyScreen {
  private(set) var screen = Screen()
  private let report: WhyReport
  private let time: ReaderTime

  /// Where words begin that stand beside one of two or three.
  private static let verdictColumn = 17
  private static let noticeColumn = 4

  init(_ report: WhyReport, time: ReaderTime = .utc) {
    (self.report, self.time) = (report, time)
    addOrganization()
    addFigures()
    screen.addHeading("Rules")
    if report.rules.isEmpty { add("none is configured") }
    for (index, rule) in report.rules.enumerated() {
      if index > 0 { screen.addGap() }
      add(rule)
    }
    screen.addHeading("Held back now")
    if report.holds.isEmpty { add("nothing") }
    for hold in report.holds { screen.add([.init(time(in: hold), color: .yellow)], indent: 2, hang: 4) }
    screen.addHeading("Told, newest first")
    if report.notices.isEmpty { add("nothing so far") }
    addNotices()
  }

  private mutating func add(_ words: String) {
    screen.add([.init(words, color: .dim)], indent: 2)
  }

  private mutating func addOrganization() {
    let (organization, history) = (report.organization, report.history)
    let id = organization.name == organization.id.rawValue ? "" : " (\(organization.id))"
    let plan = organization.plan.map { ", plan \($0)" } ?? ""
    screen.add([.init(organization.name, color: .bold), .init(id + plan)])
    let read = history.lastSuccessAt.map { "last read \(time($0))" } ?? "never read"
    screen.add([.init("judged \(time(report.judgedAt)), \(read)", color: .dim)], indent: 2)
    for restoration in report.restorations {
      add("nothing is known of \(time(restoration.gap.from)) to \(time(restoration.gap.to)): a backup was restored")
    }
    if let failing = history.failing {
      screen.add(
        [
          .init("not readable", color: .red),
          .init(" since \(time(failing.firstFailedAt)): \(time(in: failing.message))"),
        ],
        indent: 2, hang: 4)
    }
  }

  private mutating func addFigures() {
    guard !report.months.isEmpty else { return }
    screen.addHeading("Figures")
    var table = TextTable([
      .init("MONTH"), .init("METRIC"), .init("USED", .right), .init("QUOTA", .right, rank: 1), .init("USE", .right),
      .init("", widths: 4...10, rank: 2), .init("SINCE", rank: 4), .init("LAST SEEN", rank: 3),
      .init("SNAPSHOT", .right, rank: 5),
    ])
    for month in report.months {
      let snapshot = month.snapshot
      for (index, metric) in Metric.allCases.enumerated() {
        let (used, quota) = (snapshot.counters[metric], month.quota[metric])
        let percent = quota.flatMap { Percent.whole(used, of: $0) }
        let seen: [TextTable.Cell] = [
          .init(time(snapshot.firstSeenAt), color: .dim), .init(time(snapshot.lastSeenAt), color: .dim),
          .init("\(snapshot.id)", color: .dim),
        ]
        table.add(
          [
            .init(index == 0 ? "\(snapshot.month)" : ""), .init(metric.rawValue), .init(used.grouped),
            .init(quota.grouped), .init(percent.map { "\($0.grouped) %" } ?? ""),
            quota.map { .init(used: used, of: $0) } ?? "",
          ] + (index == 0 ? seen : []))
      }
    }
    screen.add(table, indent: 2)
  }

  private mutating func add(_ entry: WhyReport.RuleReport) {
    let to = entry.recipients.isEmpty ? "nobody" : entry.recipients.map(\.rawValue).joined(separator: ", ")
    screen.add(
      [
        .init(entry.rule.id.rawValue, color: .bold),
        .init("  \(entry.rule.kind.type.rawValue), told to \(to)", color: .dim),
      ],
      indent: 2, hang: 4)
    if let passedOver = entry.passedOver { return add(verdict: "not judged", nil, passedOver, color: .dim) }
    if entry.verdicts.isEmpty { add(verdict: "cannot tell", nil, "from what is stored", color: .dim) }
    for verdict in entry.verdicts { add(verdict) }
  }

  private mutating func add(_ entry: WhyReport.VerdictReport) {
    let reason = time(in: entry.reason)
    if entry.holds {
      add(verdict: "holds", color(entry.alert), reason, color: nil)
    } else {
      add(verdict: "does not hold", .dim, reason, color: .dim)
    }
    for line in [entry.alert.map(state)].compactMap({ $0 }) + (entry.evidence.projections ?? []).map(\.words) {
      screen.add([.init(line, color: .dim)], indent: Self.verdictColumn + 2, hang: Self.verdictColumn + 4)
    }
  }

  private mutating func add(
    verdict: String, _ verdictColor: TextTable.Color?, _ words: String, color: TextTable.Color?
  ) {
    let gap = String(repeating: " ", count: Self.verdictColumn - 2 - verdict.count)
    screen.add(
      [.init(verdict, color: verdictColor), .init(gap), .init(words, color: color)], indent: 4,
      hang: Self.verdictColumn + 2)
  }

  /// What has ended with its month stands out no more.
  private func color(_ alert: Alert?) -> TextTable.Color? {
    guard let alert else { return .yellow }
    guard alert.status == .firing || alert.status == .pending else { return nil }
    return alert.severity == .critical && alert.status == .firing ? .red : .yellow
  }

  private func state(_ alert: Alert) -> String {
    switch alert.status {
    case .pending:
      let notBefore = alert.pending?.notBefore.map { ", not told before \(time($0))" } ?? ""
      return "pending since \(time(alert.pending?.since ?? alert.changedAt))\(notBefore)"
    case .firing:
      let marks = report.marks.marks(of: alert).map { mark in
        let by = mark == .acknowledged ? alert.acknowledgement.map { " by \($0.by)" } ?? "" : ""
        return ", \(mark.rawValue)\(by)"
      }
      return "firing since \(time(alert.firedAt))\(marks.joined())"
    case .resolved: return "resolved \(time(alert.changedAt))"
    case .expired: return "expired with its month"
    case .retired: return "not watched since \(time(alert.changedAt))"
    }
  }

  /// An event with everybody who was to hear of it, as long as these stand together.
  private mutating func addNotices() {
    var last: EventID?
    let width = report.notices.map { DisplayWidth.of($0.notice.notifier.rawValue) }.max() ?? 0
    for entry in report.notices {
      let event = entry.notice.event
      if event.id != last {
        screen.add([.init(time(event.occurredAt)), .init("  "), .init(event.id.rawValue)], indent: 2, hang: 4)
      }
      last = event.id
      let (word, color, rest) = fate(entry, of: event)
      let name = DisplayWidth.of(entry.notice.notifier.rawValue)
      screen.add(
        [
          .init("\(entry.notice.notifier)", color: .dim), .init(String(repeating: " ", count: width - name + 2)),
          .init(word, color: color),
          .init(rest, color: .dim),
        ], indent: Self.noticeColumn, hang: Self.noticeColumn + 2)
    }
  }

  private func fate(_ entry: NoticeFate, of event: Event) -> (String, TextTable.Color, String) {
    switch entry.notice.state {
    case .waiting(nil): return ("waits", .yellow, " for the end of the run")
    case .waiting(let hold?): return ("held back", .yellow, " (\(hold.rawValue))")
    case .dropped(let reason): return ("not told", .yellow, " (\(reason.rawValue))")
    case .queued(let message):
      guard let delivery = entry.delivery else { return ("in message", .dim, " \(message)") }
      let unusual = delivery.remark.map { " (\(time(in: $0)))" } ?? ""
      let answer = (delivery.lastAnswer.map { ": \(time(in: $0))" } ?? "") + unusual
      let attempts = " after \(delivery.attempts.counted("attempt"))"
      switch delivery.status {
      case .delivered: return ("delivered", .green, moment(delivery.lastAttemptAt, of: event) + answer)
      case .dead: return ("given up", .red, attempts + answer)
      case .pending:
        let next = entry.restsUntil.map { "until \(time($0)), as its channel asks" } ?? "for the next run"
        return ("waits", .yellow, " \(next),\(attempts)\(answer)")
      case .withdrawn: return ("withdrawn", .dim, "")
      }
    }
  }

  /// When it was delivered, unless that is the minute in which the event came.
  private func moment(_ delivered: Date?, of event: Event) -> String {
    guard let delivered, time(delivered) != time(event.occurredAt) else { return "" }
    return " \(time(delivered))"
  }
}
