import CurlTransport
import FoundationEssentials
package import Logging
import QuotaCore

extension World {
  /// The real world: the system's clocks, libcurl, and secrets from where the configuration says.
  package static func live(
    _ configuration: Configuration, logger: Logger = Logger(label: "quotawatch")
  ) throws -> World {
    let transport = try CurlTransport(
      userAgent: "quotawatch/\(Version.current)",
      maximumConnections: max(256, configuration.api.maximumConcurrentRequests))
    let secrets = SecretResolver(configuration)
    return World(
      now: { Date().roundedToMilliseconds }, clock: ContinuousClock(), random: { Double.random(in: 0...1) },
      http: transport, mail: transport,
      programs: secrets.programs, secrets: secrets, logger: logger)
  }
}

/// The program's own version.
package enum Version {
  package static let current = "0.1.0"
}
