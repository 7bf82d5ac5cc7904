import FoundationEssentials
import Logging
import Notifiers
import QuotaCore

/// The configured channels, who is told what through which, and the outbox on the way to them.
struct Channels: Sendable {
  let configuration: Configuration
  let world: World
  /// Whom the configuration names for what.
  let routing: Routing

  init(configuration: Configuration, world: World) {
    self.configuration = configuration
    self.world = world
    routing = Routing(
      rules: configuration.rules, routes: configuration.routes, defaults: configuration.defaultNotify,
      breakerNotify: configuration.breaker.notify, organizations: configuration.organizations.lazy.map(\.organization),
      channels: Dictionary(
        uniqueKeysWithValues: configuration.notifiers.map { entry in
          (entry.id, Routing.Recipient(of: Self.notifier(entry, of: configuration, world), entry.configuration.policy))
        }))
  }

  /// The configured channels, in the order of the configuration.
  var notifiers: [any Notifier] {
    configuration.notifiers.map(notifier)
  }

  /// A configured channel.
  func notifier(_ entry: ConfiguredNotifier) -> any Notifier { Self.notifier(entry, of: configuration, world) }

  private static func notifier(
    _ entry: ConfiguredNotifier, of configuration: Configuration, _ world: World
  ) -> any Notifier {
    entry.configuration.notifier(
      id: entry.id, http: world.http, mail: world.mail, programs: world.programs, secrets: world.secrets,
      zone: configuration.billingTimeZone, pages: configuration.serve.publicURL,
      warn: { [logger = world.logger] in logger.warning("\($0)") })
  }
}

extension Routing.Recipient {
  fileprivate init(of notifier: any Notifier, _ policy: DeliveryPolicy) {
    self.init(
      policy: policy, keepsIncidents: !notifier.groups, sendsAcknowledgements: notifier.sendsAcknowledgements)
  }
}
