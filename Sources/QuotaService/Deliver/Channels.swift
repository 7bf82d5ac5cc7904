import FoundationEssentials
import Logging
import Notifiers
import QuotaCore

/// The configured channels, who is told what through which, and the outbox on the way to them.
struct Channels: Sendable {
  let configuration: Configuration
  let world: World

  /// The configured channels, in the order of the configuration.
  var notifiers: [any Notifier] {
    configuration.notifiers.map(notifier)
  }

  /// A configured channel.
  func notifier(_ entry: ConfiguredNotifier) -> any Notifier {
    entry.configuration.notifier(
      id: entry.id, http: world.http, mail: world.mail, programs: world.programs, secrets: world.secrets,
      zone: configuration.billingTimeZone, pages: configuration.serve.publicURL,
      warn: { [logger = world.logger] in logger.warning("\($0)") })
  }
}
