import Pages
import QuotaCore
import WebServer

extension ServedPages {
  /// How many runs are shown.
  private static let shownRuns = 30
  /// How many of the last acts are.
  private static let shownActs = 20

  func system(_ inquiry: PageRoutes.Inquiry) async throws -> PageRoutes.Answer {
    let setup = served.state.setup
    guard inquiry.organizations == nil else {
      return .refused(MessagePage.forEverything.html(try await frame(inquiry, setup)))
    }
    let outline = try setup.databaseInfo.outline()
    let extent = try await setup.database.openForReading().read { try $0.extent() }
    var view = SystemPage.View(
      store: .init(
        path: setup.database.path, bytes: outline.bytes, sqliteVersion: outline.sqliteVersion, extent: extent),
      startedAt: startedAt, reloadedAt: served.reload.at)
    view.reloadProblem = served.reload.problem
    view.schedule = setup.configuration.schedule?.every
    view.isStuck = isStuck()
    let stored = try await setup.database.openForReading().read { reader in
      (
        runs: try reader.runs(before: nil, limit: Self.shownRuns), trip: try reader.openBreakerTrip(),
        doubts: try reader.doubts().count { $0.status != .takenBack }, refusal: try reader.openKeyRefusal(),
        hold: try reader.openRetirementHold(), backup: try reader.lastBackup(),
        restoration: try reader.restorations().first,
        acts: try reader.acts(before: nil, limit: Self.shownActs)
      )
    }
    (view.runs, view.trip, view.doubts) = (stored.runs, stored.trip, stored.doubts)
    (view.refusal, view.hold, view.backup) = (stored.refusal, stored.hold, stored.backup)
    view.restoration = stored.restoration
    view.acts = stored.acts
    if let result = check.latest {
      view.checkedAt = result.at
      view.findings =
        result.outcomes.map { .init(subject: $0.subject, state: $0.status == .ok ? .ok : .problem, detail: $0.detail) }
        + result.warnings.map { .init(subject: "configuration", state: .warning, detail: $0) }
    }
    return .page(SystemPage(view).html(try await frame(inquiry, setup)))
  }
}
