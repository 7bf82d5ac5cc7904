import ArgumentParser
import FoundationEssentials
import Logging
import QuotaCore
import QuotaService
import Synchronization
import UnixSignals
import WebServer

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract:
      "Collect by a schedule, show pages, answer at /metrics and /-/ready, and take webhooks, until interrupted.",
    discussion: """
      With "schedule": { "every": "15m" } in the configuration it collects by itself; each run is what `collect` does, and \
      commands beside it work. Without, it only answers, beside cron or a timer.

      The pages begin at http://127.0.0.1:8787/. On a loopback address everybody on this machine may read. Any other takes "tokens" or "serve.proxy" in the \
      configuration. SIGHUP reads the configuration anew; a wrong one is told, and the old one stays. docs/serve.md has more.

      Examples:
        quotawatch serve
        quotawatch serve --listen 127.0.0.1:8787 --log-level info
        quotawatch serve --as-of 2026-11-30T21:00:00Z
        curl http://127.0.0.1:8787/metrics
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "Where to listen: HOST:PORT; port 0 takes any free one.")
  var listen = "127.0.0.1:8787"

  @Option(
    help: ArgumentHelp(
      "Show what is stored as it looked at a moment, such as 2026-11-30T21:00:00Z, a day, yesterday, or so long ago, such as 6h; and collect nothing.",
      valueName: "time"), transform: TimeArgument.parsePast)
  var asOf: TimeArgument?

  func run() async throws {
    guard let place = WebServer.Place(listen) else {
      throw ValidationError("--listen expects a host and a port, such as 127.0.0.1:8787 or [::1]:8787")
    }
    ThisProcess.shareHeaps()
    ThisProcess.keepLargeArraysApart()
    let setup = present(try common.service(lints: true))
    let logger = setup.world.logger
    let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
    let common = common
    let serve = Serve(
      setup: setup, load: { [self] in present(try common.reload(setup)) }, events: events(at: place, manager, logger))
    let (reloads, reload) = AsyncStream<Void>.makeStream()
    let listener = Task { await listen(reload, manager) }
    defer { listener.cancel() }
    try await serve(at: place, reloads: reloads)
  }

  /// At the moment that is asked for, if one is.
  private func present(_ setup: Setup) -> Setup { asOf.map { setup.asOf($0.pastMoment(in: setup)) } ?? setup }

  /// SIGHUP is a reload; SIGINT and SIGTERM, which the server ends by, are an end within a few seconds.
  private func listen(_ reload: AsyncStream<Void>.Continuation, _ manager: ServiceManager) async {
    for await signal in await UnixSignalsSequence(trapping: .sighup, .sigint, .sigterm) {
      if signal == .sighup {
        reload.yield()
      } else {
        manager.stopping()
        ThisProcess.endSoon(0)
      }
    }
  }

  private func events(at place: WebServer.Place, _ manager: ServiceManager, _ logger: Logger) -> Serve.Events {
    let address = Mutex(place.url(port: place.port))
    return Serve.Events(
      listening: { port in
        let url = place.url(port: port)
        address.withLock { $0 = url }
        Console.standardOutput.print("Listening at \(url)")
        manager.ready("listening at \(url)")
      },
      ran: { outcome in
        switch outcome {
        case .success(let report):
          let summary = CollectSummary(report)
          for line in summary.warnings { logger.warning("\(line)") }
          for line in summary.lines { logger.info("\(line)") }
          manager.says(summary.lines.last { $0.hasPrefix("Read ") } ?? "")
        case .failure(let error):
          for line in ThisProcess.lines(of: error) { logger.error("\(line)") }
        }
      },
      reloading: { manager.reloading() },
      reloaded: { problem in
        if let problem {
          for line in problem.lines { logger.error("\(line)") }
          logger.error("the configuration on the disk is not used; the one before stays")
          manager.ready("the configuration on the disk is wrong; the one before stays")
        } else {
          logger.notice("the configuration was read anew")
          manager.ready("listening at \(address.withLock { $0 })")
        }
      },
      resting: { ThisProcess.giveMemoryBack() }, alive: { manager.alive() }, aliveInterval: manager.aliveInterval)
  }
}
