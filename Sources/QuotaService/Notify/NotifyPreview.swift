import FoundationEssentials
import Notifiers
package import QuotaCore

/// Shows what a channel would be sent.
package struct PreviewMessage: Sendable {
  let configuration: Configuration
  let channels: Channels
  let world: World

  /// What a notifier would send for an event of a rule with made-up figures. Nothing is sent, and no secret is fetched.
  ///
  /// - Parameter group: how many events come in one message; nil for a single one. What would be told in parts comes part
  ///   after part, on a line each.
  package func callAsFunction(
    _ name: String, rule: String, transition: Event.Transition, group: Int?
  ) throws -> [UInt8] {
    guard let entry = configuration.notifiers.first(where: { $0.id.rawValue == name }) else {
      let known = configuration.notifiers.map(\.id.rawValue)
      throw ServiceError(.usage, "no notifier \"\(name)\" is configured" + suggestion(for: name, among: known))
    }
    guard let rule = configuration.rules.first(where: { $0.id.rawValue == rule }) else {
      let known = configuration.rules.map(\.id.rawValue)
      throw ServiceError(.usage, "no rule \"\(rule)\" is configured" + suggestion(for: rule, among: known))
    }
    let notifier = channels.notifier(entry)
    guard group == nil || notifier.groups else {
      throw ServiceError(
        .usage,
        "\(entry.configuration.type.rawValue) keeps an incident for each alert and gets no groups; leave out --group")
    }
    guard let message = SampleMessages.message(rule, transition: transition, group: group, now: world.now()) else {
      throw ServiceError(.usage, "a group has at least one event")
    }
    return Array(try notifier.composed(message).map(\.payload).joined(separator: Array("\n".utf8)))
  }
}
