import FoundationEssentials
import Logging
import QuotaCore
package import WebServer

/// One process that collects by a schedule, shows how it stands, and takes the vendor's webhooks.
package struct Serve: Sendable {
  let setup: Setup
  /// Reads the configuration anew.
  let load: @Sendable () throws -> Setup
  let events: Events
  private let readings = ReadingPool()
  private let failures = FailureLimit()
  private let changes = ChangeWatch()

  package init(setup: Setup, load: @escaping @Sendable () throws -> Setup, events: Events) {
    self.setup = setup
    self.load = load
    self.events = events
  }

  /// What the process tells whoever watches over it.
  package struct Events: Sendable {
    /// Connections are accepted.
    package var listening: @Sendable (_ port: Int) async -> Void
    /// What came of a run.
    package var ran: @Sendable (Result<CollectReport, any Error>) -> Void
    /// The configuration is about to be exchanged, and then was, or was not for this reason.
    package var reloading: @Sendable () -> Void
    package var reloaded: @Sendable (_ problem: ServiceError?) -> Void
    /// What was kept for who asks next is let go; called every so often.
    package var resting: @Sendable () -> Void
    /// The loop turns; called every so often.
    package var alive: @Sendable () -> Void
    /// How often that is to be, in seconds; nil for never.
    package var aliveInterval: Double?

    package init(
      listening: @escaping @Sendable (_ port: Int) async -> Void,
      ran: @escaping @Sendable (Result<CollectReport, any Error>) -> Void, reloading: @escaping @Sendable () -> Void,
      reloaded: @escaping @Sendable (_ problem: ServiceError?) -> Void, resting: @escaping @Sendable () -> Void,
      alive: @escaping @Sendable () -> Void, aliveInterval: Double?
    ) {
      self.listening = listening
      self.ran = ran
      self.reloading = reloading
      self.reloaded = reloaded
      self.resting = resting
      self.alive = alive
      self.aliveInterval = aliveInterval
    }
  }

  /// Serves until SIGINT or SIGTERM.
  ///
  /// - Parameter reloads: yields when the configuration is to be read anew.
  package func callAsFunction(at place: WebServer.Place, reloads: AsyncStream<Void>) async throws {
    let served = ServedConfiguration(
      try await ServedConfiguration.State(keeping(setup), isLocal: place.isLoopback, failures), at: setup.world.now())
    try await setup.database.writing { _ in }
    try await refuseOpenDoor(served.state, at: place)
    let schedule = RunSchedule(served, events.ran)
    let intake = try LedgerIntake(setup.database, setup.world)
    let check = StandingCheck(served)
    let errands = Errands(served)
    let (requests, request) = AsyncStream<Void>.makeStream()
    let acting = Acting(
      served: served, startRun: { schedule.startSoon() }, send: { errands.ring() }, reload: { request.yield() })
    let pages = try ServedPages(served, check, acting) { !schedule.isTurning }
    let server = WebServer(routes: routes(served, schedule, intake, pages), logger: setup.world.logger)
    let jobs: [@Sendable () async throws -> Void] = [
      { try await schedule.run() }, { await reload(served, at: place, on: requests) },
      { for await _ in reloads { request.yield() } }, { try await errands.run() },
      { try await reportAlive(schedule) }, { try await check.run() },
      { try await intake.emptyInboxRepeatedly() }, { try await rest(served) },
    ]
    do {
      try await server.serve(at: place, beside: jobs, listening: events.listening)
    } catch let error as WebServer.CannotListen {
      throw ServiceError(.inputOutput, error.message)
    }
    await intake.emptyInbox()
  }

  /// With connections and figures that are kept for who reads next.
  private func keeping(_ setup: Setup) -> Setup {
    var setup = setup
    setup.readings = readings
    setup.statuses = StatusMemory()
    return setup
  }

  /// An address that others can reach needs somebody to ask who they are.
  private func refuseOpenDoor(_ state: ServedConfiguration.State, at place: WebServer.Place) async throws {
    let policy = state.policy
    guard !policy.isLocal, policy.tokens.isEmpty, policy.proxy == nil, try await state.setup.tokens(all: false).isEmpty
    else { return }
    throw ServiceError(
      .configuration,
      "\(place.host) can be reached from other machines: make a token with `quotawatch token add`, add \"tokens\" or \"serve.proxy\", or listen at 127.0.0.1"
    )
  }

  /// Everything that the server answers at.
  func routes(
    _ served: ServedConfiguration, _ schedule: RunSchedule, _ intake: LedgerIntake, _ pages: ServedPages
  ) -> [any ServerRoutes] {
    [
      pages.routes, pages.embedRoutes,
      HealthRoutes {
        await problems(served, schedule)
      } remarks: {
        served.reload.problem.map { _ in ["the configuration on the disk is wrong, and the one before is used"] } ?? []
      },
      MetricsRoutes(policy: { served.state.policy }) {
        try await served.state.setup.answering { try await $0.metrics() } + served.families
      },
      WebhookRoutes(
        secrets: { served.state.webhookSecrets }, now: setup.world.now, logger: setup.world.logger,
        take: { try await intake.take($0) }),
      BadgeRoutes(policy: { served.state.policy }, now: setup.world.now) { id in
        try await served.state.setup.answering { try await $0.badge(id) }
      },
      APIRoutes(
        APIResources(setup: { served.state.setup }).all, policy: { served.state.policy }, now: setup.world.now),
      APIActionRoutes(APIActions(acting: pages.acting).all, policy: { served.state.policy }),
      EventRoutes(policy: { served.state.policy }) {
        try await served.state.setup.answering { try await changes.position($0) }
      },
    ]
  }

  /// What keeps the process from its work.
  private func problems(_ served: ServedConfiguration, _ schedule: RunSchedule) async -> [String] {
    var problems: [String] = []
    let state = served.state
    do {
      let run = try await state.setup.lastRun()
      if run == nil, state.setup.configuration.schedule != nil { problems.append("no run has ended yet") }
    } catch {
      problems.append((error as? ServiceError)?.lines.first ?? "the database cannot be read")
    }
    if !schedule.isTurning { problems.append("a run is stuck") }
    return problems
  }

  /// Exchanges the configuration whenever that is asked for. A wrong one is told, and the old one stays.
  private func reload(_ served: ServedConfiguration, at place: WebServer.Place, on reloads: AsyncStream<Void>) async {
    for await _ in reloads {
      events.reloading()
      do {
        let setup = try load()
        guard setup.configuration.databasePath == self.setup.configuration.databasePath else {
          throw ServiceError(.configuration, "\"database\" is another file now; restart to change it")
        }
        let state = try await ServedConfiguration.State(keeping(setup), isLocal: place.isLoopback, failures)
        try await refuseOpenDoor(state, at: place)
        served.exchange(for: state, at: setup.world.now())
        events.reloaded(nil)
      } catch {
        let problem = error as? ServiceError ?? ServiceError(.configuration, "\(error)")
        served.keep(because: problem.lines.joined(separator: "; "), at: setup.world.now())
        events.reloaded(problem)
      }
    }
  }

  private func reportAlive(_ schedule: RunSchedule) async throws {
    guard let interval = events.aliveInterval else { return try await forever() }
    while true {
      if schedule.isTurning { events.alive() }
      try await Task.sleep(for: .seconds(interval))
    }
  }

  /// How often what is kept for who asks next is let go, and memory given back, in seconds.
  private static let rest = 10.0

  private func rest(_ served: ServedConfiguration) async throws {
    while true {
      try await Task.sleep(for: .seconds(Self.rest))
      readings.closeIdle()
      served.state.setup.statuses?.forget()
      events.resting()
    }
  }

  private func forever() async throws {
    while true { try await Task.sleep(for: .seconds(3_600)) }
  }
}

extension ServedConfiguration {
  /// How the last reload went, as metrics.
  fileprivate var families: [MetricFamily] {
    let reload = reload
    return [
      MetricFamily(
        "quotawatch_configuration_reload_successful", .gauge,
        "1 if the configuration that was read last is in use, otherwise 0.",
        samples: [MetricSample(value: reload.problem == nil ? 1 : 0)]),
      MetricFamily(
        "quotawatch_configuration_reload_timestamp", .gauge, unit: "seconds", "When the configuration was read last.",
        samples: [MetricSample(value: reload.at.timeIntervalSince1970)]),
    ]
  }
}
