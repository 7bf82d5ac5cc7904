public import ArgumentParser
public import Logging
import FoundationEssentials
import QuotaCore
import QuotaService
import Synchronization
import WebServer

/// What every command takes that reads the configuration.
struct CommonOptions: ParsableArguments {
  @Option(help: "The configuration file, or - for standard input.", completion: .file(extensions: ["json"]))
  var config: String?

  @Option(help: "How much to log to standard error.")
  var logLevel: Logger.Level = .warning

  @Option(help: "How log lines look.")
  var logFormat: LogFormat = .text

  @Option(
    help: "The zone of the times that are shown, such as Europe/Berlin or UTC; this machine's without.",
    completion: .custom(KnownNames.timeZones))
  var timeZone: String?

  /// What the runtime, the database, its locks and a few connections take.
  private static let fewestFiles = 24

  private func search(lints: Bool = false) -> ConfigurationSearch {
    var search = ConfigurationSearch(path: config, environment: ProcessInfo.processInfo.environment)
    search.lints = lints
    return search
  }

  private static let hasToldOfZone = Atomic(false)

  /// How moments are shown. That the machine's zone is not understood is told once, to who gets to see some.
  ///
  /// - Throws: where the zone has no such name.
  var time: ReaderTime {
    get throws(ServiceError) {
      guard let timeZone else {
        let machine = MachineZone(ProcessInfo.processInfo.environment["TZ"])
        if let problem = machine.problem, !Self.hasToldOfZone.exchange(true, ordering: .relaxed) {
          logger.warning("\(problem)")
        }
        return ReaderTime(zone: machine.zone)
      }
      do throws(UnknownTimeZone) {
        return ReaderTime(zone: try TimeZoneDatabase.system.zone(named: timeZone).zone)
      } catch {
        throw ServiceError(.usage, "--time-zone: \(error.problem)")
      }
    }
  }

  /// What a configuration is connected with.
  @TaskLocal static var world: @Sendable (Configuration, Logger) throws -> World = { try .live($0, logger: $1) }

  /// Reads the configuration and connects it with the world.
  ///
  /// - Parameters:
  ///   - input: a file that the command reads itself.
  ///   - lints: whether to look for what is allowed in the configuration but probably not meant.
  func service(reading input: String? = nil, lints: Bool = false) throws -> Setup {
    let search = search(lints: lints)
    guard input != "-" || !search.readsStandardInput else {
      throw ValidationError("standard input is the configuration already; name a file instead of the second -")
    }
    if timeZone != nil { _ = try time }
    guard WebServer.openFiles >= Self.fewestFiles else {
      throw ServiceError(
        .inputOutput,
        "\(Self.fewestFiles) open files are needed, and this process may have \(WebServer.openFiles): raise `ulimit -n`"
      )
    }
    return try setup(of: search.load())
  }

  /// Reads the configuration of a setup anew from where it came, and looks for what is probably not meant.
  func reload(_ setup: Setup) throws -> Setup {
    let search = search(lints: true)
    guard !search.readsStandardInput else {
      throw ServiceError(
        .configuration,
        "the configuration came from standard input, which cannot be read again; start anew, or name a file with --config"
      )
    }
    return try self.setup(of: search.reload(setup.configuration))
  }

  private var logger: Logger {
    let (format, level) = (logFormat, logLevel)
    return Logger(label: "quotawatch") { _ in LineLogHandler(format: format, logLevel: level) }
  }

  private func setup(of configuration: Configuration) throws -> Setup {
    let logger = logger
    for exposure in configuration.exposures { logger.warning("\(exposure)") }
    let author = Author(name: ThisProcess.userName, way: .command)
    return Setup(configuration, world: try Self.world(configuration, logger)).acting(as: author)
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
