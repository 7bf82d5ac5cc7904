import FoundationEssentials
import QuotaCore
import Synchronization

/// What `check` finds and warns of without asking anybody: looked for at the start, after each reload, and every hour.
final class StandingCheck: Sendable {
  struct Outcomes: Sendable {
    let at: Date
    let outcomes: [Check.Outcome]
    /// What is allowed in the configuration but probably not meant.
    let warnings: [String]
  }

  private let served: ServedConfiguration
  private let found = Mutex<Outcomes?>(nil)

  /// In seconds.
  private static let interval = 3_600.0
  /// How often one looks for a reload, in seconds.
  private static let patience = 5.0

  init(_ served: ServedConfiguration) {
    self.served = served
  }

  /// Nil until the first has ended.
  var latest: Outcomes? { found.withLock { $0 } }

  /// Looks once.
  func look(with setup: Setup) async {
    let outcomes = await setup.check(online: false)
    let warnings = setup.configuration.exposures + setup.configuration.warnings
    found.withLock { $0 = Outcomes(at: setup.world.now(), outcomes: outcomes, warnings: warnings) }
  }

  /// Runs until it is cancelled.
  func run() async throws {
    let elapsed = served.state.setup.world.clock.stopwatch()
    while true {
      let (setup, reload) = (served.state.setup, served.reload.at)
      await look(with: setup)
      let next = elapsed.seconds + Self.interval
      while elapsed.seconds < next, served.reload.at == reload {
        try await elapsed.sleep(until: min(next, elapsed.seconds + Self.patience))
      }
    }
  }
}
