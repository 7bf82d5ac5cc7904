public import ArgumentParser
public import Logging
import FoundationEssentials
import QuotaService
import WebServer

/// What every command takes that reads the configuration.
struct CommonOptions: ParsableArguments {
  @Option(help: "The configuration file, or - for standard input.", completion: .file(extensions: ["json"]))
  var config: String?

  @Option(help: "How much to log to standard error: trace, debug, info, notice, warning, error, critical.")
  var logLevel: Logger.Level = .warning

  @Option(help: "How log lines look: text or json.")
  var logFormat: LogFormat = .text

  /// What the runtime, the database, its locks and a few connections take.
  private static let fewestFiles = 24

  private var search: ConfigurationSearch {
    ConfigurationSearch(path: config, environment: ProcessInfo.processInfo.environment)
  }

  /// Sets logging up, reads the configuration and connects it with the world.
  ///
  /// - Parameters:
  ///   - input: a file that the command reads itself.
  ///   - lints: whether to say what is allowed in the configuration but probably not meant.
  func service(reading input: String? = nil, lints: Bool = false) throws -> Setup {
    guard input != "-" || !search.readsStandardInput else {
      throw ValidationError("standard input is the configuration already; name a file instead of the second -")
    }
    guard WebServer.openFiles >= Self.fewestFiles else {
      throw ServiceError(
        .inputOutput,
        "\(Self.fewestFiles) open files are needed, and this process may have \(WebServer.openFiles): raise `ulimit -n`"
      )
    }
    let (format, level) = (logFormat, logLevel)
    LoggingSystem.bootstrap { _ in LineLogHandler(format: format, logLevel: level) }
    let setup = try load()
    if lints {
      for warning in setup.configuration.warnings { Console.standardError.print("warning: \(warning)") }
    }
    return setup
  }

  /// Reads the configuration anew.
  func reload() throws -> Setup {
    guard !search.readsStandardInput else {
      throw ServiceError(
        .configuration,
        "the configuration came from standard input, which cannot be read again; start anew, or name a file with --config"
      )
    }
    return try load()
  }

  private func load() throws -> Setup {
    let loaded = try search.load()
    for exposure in loaded.exposures { Console.standardError.print("warning: \(exposure)") }
    return Setup(loaded, world: try .live(loaded))
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
