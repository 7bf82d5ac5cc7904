public import ArgumentParser
public import Logging
import FoundationEssentials
import QuotaService

/// What every command takes that reads the configuration.
struct CommonOptions: ParsableArguments {
  @Option(help: "The configuration file.", completion: .file(extensions: ["json"]))
  var config: String?

  @Option(help: "How much to log to standard error: trace, debug, info, notice, warning, error, critical.")
  var logLevel: Logger.Level = .warning

  @Option(help: "How log lines look: text or json.")
  var logFormat: LogFormat = .text

  /// Sets logging up, reads the configuration and connects it with the world.
  ///
  /// - Parameter lints: whether to say what is allowed in the configuration but probably not meant.
  func service(lints: Bool = false) throws -> Setup {
    let (format, level) = (logFormat, logLevel)
    LoggingSystem.bootstrap { _ in LineLogHandler(format: format, logLevel: level) }
    let setup = try reload()
    if lints {
      for warning in setup.configuration.warnings { Console.standardError.print("warning: \(warning)") }
    }
    return setup
  }

  /// Reads the configuration and connects it with the world.
  func reload() throws -> Setup {
    let loaded = try ConfigurationSearch(path: config, environment: ProcessInfo.processInfo.environment).load()
    if let exposure = loaded.exposure { Console.standardError.print("warning: \(exposure)") }
    return Setup(loaded, world: try .live(loaded))
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
