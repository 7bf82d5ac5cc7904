package import FoundationEssentials
package import QuotaCore

/// How the program itself is.
package struct SystemPage: Sendable {
  package struct View: Sendable {
    /// The latest first.
    package var runs: [Run] = []
    package var schedule: TimeSpan?
    /// Whether a run of this process is not over two minutes after its own deadlines.
    package var isStuck = false
    package var trip: BreakerTrip?
    package var doubts = 0
    package var refusal: KeyRefusal?
    package var hold: RetirementHold?
    package var store: Store
    /// The last backup that the program has made.
    package var backup: Backup?
    /// The last backup that was restored.
    package var restoration: Restoration?
    package var findings: [Finding] = []
    package var checkedAt: Date?
    package var startedAt: Date
    /// What people did, the last first.
    package var acts: [Act] = []
    package var reloadedAt: Date
    /// Why the configuration on the disk is not in use; nil if it is.
    package var reloadProblem: String?

    package init(store: Store, startedAt: Date, reloadedAt: Date) {
      (self.store, self.startedAt, self.reloadedAt) = (store, startedAt, reloadedAt)
    }
  }

  package struct Store: Sendable {
    package let path: String
    package let bytes: Int64
    package let sqliteVersion: String
    package let extent: StoredExtent

    package init(path: String, bytes: Int64, sqliteVersion: String, extent: StoredExtent) {
      (self.path, self.bytes, self.sqliteVersion, self.extent) = (path, bytes, sqliteVersion, extent)
    }
  }

  /// What `check` found of one thing.
  package struct Finding: Sendable {
    package enum State: Sendable {
      case ok
      /// It is allowed, and probably not meant.
      case warning
      case problem
    }

    package let subject: String
    package let state: State
    package let detail: String

    package init(subject: String, state: State, detail: String) {
      (self.subject, self.state, self.detail) = (subject, state, detail)
    }
  }

  private let view: View

  /// How many findings are shown: there are some of each organization.
  private static let shownFindings = 100

  /// How old a backup may be before it stands out.
  private static let oldBackup = TimeSpan.days(7)

  package init(_ view: View) {
    self.view = view
  }

  package func html(_ frame: PageFrame) -> String {
    let problems = view.findings.filter { $0.state == .problem } + view.findings.filter { $0.state == .warning }
    return frame.document(
      "System", at: .system, "system",
      [
        "version": .text(frame.version), "started": .markup(frame.age(view.startedAt)),
        "reloaded": .markup(frame.age(view.reloadedAt)), "reloadProblem": .text(ifAny: view.reloadProblem),
        "schedule": .text(ifAny: view.schedule.map { "every \(MessageFormat.span(seconds: $0.seconds))" }),
        "isStuck": .flag(view.isStuck), "conditions": .list(conditions(frame)), "runs": .rows(runs(frame)),
        "path": .text(view.store.path), "size": .text(Self.megabytes(view.store.bytes)),
        "sqlite": .text(view.store.sqliteVersion), "readings": .text(view.store.extent.snapshots.counted("reading")),
        "first": .text(ifAny: view.store.extent.firstMonth.map(DayText.month)),
        "backup": .markup(ifAny: view.backup.map { frame.age($0.madeAt) }),
        "backupPath": .text(ifAny: view.backup?.path), "isBackupOld": .flag(isBackupOld(at: frame.now)),
        "restored": .markup(ifAny: view.restoration.map { frame.age($0.gap.to) }),
        "knownUntil": .markup(ifAny: view.restoration.map { frame.age($0.gap.from) }),
        "acts": .rows(view.acts.map { act($0, frame) }),
        "checked": .markup(ifAny: view.checkedAt.map(frame.age)), "problems": findings(problems),
        "sound": .text((view.findings.count - problems.count).counted("thing")),
        "findings": findings(view.findings),
      ])
  }

  private func act(_ act: Act, _ frame: PageFrame) -> PageFields {
    [
      "at": .markup(frame.time(act.at)), "by": .text(act.by), "way": .text(act.way.rawValue),
      "words": .text(ForeignText.line(TimedText(stamped: act.words).text(in: .gmt), limit: 500)),
    ]
  }

  private func isBackupOld(at now: Date) -> Bool {
    view.backup.map { !$0.madeAt.isLess(than: Self.oldBackup, before: now) } ?? true
  }

  /// What concerns all organizations, with its state.
  private func conditions(_ frame: PageFrame) -> [PageFields] {
    let breaker =
      view.trip.map { trip in
        (
          StateBadge(.critical, "■", "Open"),
          "since \(frame.time(trip.trippedAt).html): \(trip.suspects.grouped) of \(trip.compared.counted("organization")) moved beyond reason at once, \(view.doubts.counted("figure")) in doubt"
        )
      } ?? (
        StateBadge(.good, "✓", "Closed"),
        view.doubts == 0 ? "the figures are believed" : "\(view.doubts.counted("figure")) in doubt"
      )
    let watch =
      view.hold.map { _ in
        (
          StateBadge(.warning, "▲", "Held"),
          "an edit of the configuration would end the watch over many organizations; nothing is closed yet"
        )
      }
      ?? (StateBadge(.good, "✓", "Normal"), "what is configured is watched")
    return [("Breaker", breaker), ("Keys", keys(frame)), ("Watch", watch)].map { name, state in
      ["name": .text(name), "badge": .markup(state.0.markup), "words": .markup(Markup(state.1))]
    }
  }

  /// Whether the vendor takes keys, as far as that is known.
  private func keys(_ frame: PageFrame) -> (StateBadge, String) {
    if let refusal = view.refusal {
      return (StateBadge(.critical, "✕", "Refused"), "every key since \(frame.time(refusal.since).html)")
    }
    guard view.runs.contains(where: { $0.summary.read > 0 }) else {
      return (
        StateBadge(.muted, "?", "Not known"),
        view.runs.isEmpty ? "no run has ended yet" : "nobody could be read in the last runs"
      )
    }
    return (StateBadge(.good, "✓", "Taken"), "the vendor takes keys")
  }

  private func runs(_ frame: PageFrame) -> [PageFields] {
    let longest = view.runs.map { $0.endedAt.timeIntervalSince($0.startedAt) }.max() ?? 0
    return view.runs.map { run in
      let (summary, seconds) = (run.summary, run.endedAt.timeIntervalSince(run.startedAt))
      return [
        "id": .text("\(run.id)"), "started": .markup(frame.time(run.startedAt)),
        "duration": .text(Self.duration(seconds)),
        "meter": .markup(
          UsageMeter(used: Int64(seconds * 1_000), quota: max(Int64(longest * 1_000) + 1, 1), projected: nil).markup),
        "read": .text(summary.read.grouped), "failed": .text(summary.failed.grouped),
        "hasFailed": .flag(summary.failed > 0), "requests": .text(summary.requests.grouped),
        "events": .text(summary.events.grouped), "delivered": .text(summary.delivered.grouped),
        "pending": .text(summary.pending.grouped), "dead": .text(summary.dead.grouped),
        "hasDead": .flag(summary.dead > 0),
      ]
    }
  }

  private func findings(_ findings: [Finding]) -> PageValue {
    guard !findings.isEmpty else { return .none }
    let others = findings.count - Self.shownFindings
    return .fields([
      "rows": .list(findings.prefix(Self.shownFindings).map(finding)),
      "more": others > 0 ? .text("\(others.counted("finding")) more: see `quotawatch check`") : .none,
    ])
  }

  private func finding(_ finding: Finding) -> PageFields {
    [
      "subject": .text(finding.subject), "detail": .text(ForeignText.line(finding.detail, limit: 300)),
      "badge": .markup(finding.state.badge.markup),
    ]
  }

  /// `120 ms`, `2.4 s` or `3 min 20 s`.
  static func duration(_ seconds: Double) -> String {
    let milliseconds = Int((max(0, seconds) * 1_000).rounded())
    if milliseconds < 1_000 { return "\(milliseconds) ms" }
    if milliseconds < 60_000 { return "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s" }
    return "\((milliseconds / 60_000).grouped) min \(milliseconds / 1_000 % 60) s"
  }

  /// `172.4 MB`.
  static func megabytes(_ bytes: Int64) -> String {
    let tenths = max(bytes, 0) / 100_000
    return "\((tenths / 10).grouped).\(tenths % 10) MB"
  }
}

extension SystemPage.Finding.State {
  fileprivate var badge: StateBadge {
    switch self {
    case .ok: StateBadge(.good, "✓", "OK")
    case .warning: StateBadge(.warning, "▲", "Warning")
    case .problem: StateBadge(.critical, "✕", "Problem")
    }
  }
}
