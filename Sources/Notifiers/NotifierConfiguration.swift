package import QuotaCore

/// One member of `notifiers`: a channel, and when and how it is told.
package struct NotifierConfiguration: Hashable, Sendable {
  package var channel: Channel
  package var policy: DeliveryPolicy
  /// The user's own words; nil for the built-in ones.
  package var template: MessageTemplate?

  package init(_ channel: Channel, policy: DeliveryPolicy = DeliveryPolicy(), template: MessageTemplate? = nil) {
    self.channel = channel
    self.policy = policy
    self.template = template
  }

  /// One member of `notifiers`.
  package static let shape = Shape.byWord(
    "type", "Which channel it is.", of: Channel.Kind.self, common: DeliveryPolicy.fields(refusingGroups: nil),
    as: { ($0.rawValue, $0.settings.summary) }
  ) { kind in
    Fields(kind.fields, DeliveryPolicy.fields(refusingGroups: refusal(kind)), template(kind)) {
      NotifierConfiguration($0, policy: $1, template: $2)
    }
  }

  private static func template(_ kind: Channel.Kind) -> Fields<MessageTemplate?> {
    Field(
      "template", MessageTemplate.shape(kind.settings.templateFields), .optional,
      "Words of your own instead of the built-in ones, as Mustache templates; see docs/templates.md.")
  }

  /// What makes several events one message cannot be asked of a channel that keeps an incident for each of them.
  private static func refusal(_ kind: Channel.Kind) -> (@Sendable (_ key: String) -> String)? {
    guard !kind.settings.groups else { return nil }
    return {
      "\(kind.rawValue) keeps an incident for each alert, so several cannot come in one message; remove \"\($0)\""
    }
  }

  /// Whether a channel of this type keeps an incident for each alert, which somebody has to close.
  package static func keepsIncidents(_ type: String) -> Bool { Channel.Kind(rawValue: type)?.settings.groups == false }

  package var kind: Channel.Kind { channel.kind }

  /// Every secret that the channel uses.
  package var secrets: [SecretReference] { channel.settings.secrets }

  /// What keeps the channel from sending, found by fetching its secrets and looking at them; nil if nothing does.
  /// One line that names a source and a remedy, never a secret. Nothing is sent.
  package func problem(fetching secrets: any SecretSource) async -> String? {
    do throws(SecretError) {
      try await channel.settings.check(fetching: secrets)
      return nil
    } catch {
      return error.message
    }
  }

  /// The channel, ready to compose and send, with its template applied.
  ///
  /// - Parameter warn: told in one line where a template could not be used and the built-in words are sent.
  package func notifier(
    id: NotifierID, http: any HTTPTransport, mail: any MailTransport, programs: any ProgramRunner,
    secrets: any SecretSource, warn: @escaping @Sendable (String) -> Void
  ) -> any Notifier {
    let base = channel.settings.notifier(
      id: id, by: Means(http: http, mail: mail, programs: programs, secrets: secrets))
    guard let template else { return base }
    do {
      return try TemplatedNotifier(base, template, fields: kind.settings.templateFields, warn: warn)
    } catch {
      warn("notifier \(id): template: \(error); the built-in words are sent")
      return base
    }
  }
}
