package import FoundationEssentials
package import QuotaCore

/// One member of `notifiers`: a channel, and when and how it is told.
package struct NotifierConfiguration: Sendable {
  let channel: any ChannelKind
  package var policy: DeliveryPolicy
  /// The user's own words; nil for the built-in ones.
  package var template: MessageTemplate?
  /// Where its messages lead; nil for the page of what they are about.
  package var link: MessageLink?

  init(
    _ channel: any ChannelKind, policy: DeliveryPolicy = DeliveryPolicy(), template: MessageTemplate? = nil,
    link: MessageLink? = nil
  ) {
    self.channel = channel
    self.policy = policy
    self.template = template
    self.link = link
  }

  /// One member of `notifiers`.
  package static let shape = Shape.byWord(
    "type", "Which channel it is.", of: ChannelType.self, common: DeliveryPolicy.fields(refusingGroups: nil),
    as: { ($0.rawValue, $0.kind.summary) }
  ) { type in
    Fields(type.kind.anyFields, DeliveryPolicy.fields(refusingGroups: refusal(type)), template(type), link) {
      NotifierConfiguration($0, policy: $1, template: $2, link: $3)
    }
  }

  private static func template(_ type: ChannelType) -> Fields<MessageTemplate?> {
    Field(
      "template", MessageTemplate.shape(type.kind.templateFields), .optional,
      "Words of your own instead of the built-in ones, as Mustache templates; see docs/templates.md.")
  }

  private static let link = Field(
    "link", MessageLink.shape, .optional("with `serve.public_url` the page of the organization, or the overview"),
    "Where a message leads, as a Mustache template of an address: a button, where the channel has any.")

  /// What makes several events one message cannot be asked of a channel that keeps an incident for each of them.
  private static func refusal(_ type: ChannelType) -> (@Sendable (_ key: String) -> String)? {
    guard !type.kind.groups else { return nil }
    return {
      "\(type.rawValue) keeps an incident for each alert, so several cannot come in one message; remove \"\($0)\""
    }
  }

  /// Whether a channel of this type keeps an incident for each alert, which somebody has to close.
  package static func keepsIncidents(_ type: String) -> Bool { ChannelType(rawValue: type)?.groups == false }

  package var type: ChannelType { Swift.type(of: channel).type }

  /// The channel's settings as a text that tells them from any others; secrets are named, not shown.
  package var settings: String { String(reflecting: channel) }

  /// Every secret that the channel uses.
  package var secrets: [SecretReference] { channel.secrets }

  /// Whether the channel runs a program that the configuration names.
  package var runsPrograms: Bool { Swift.type(of: channel).runsPrograms }

  /// The file of certificate authorities that the channel trusts instead of the system's.
  package var caFile: String? { channel.caFile }

  /// What keeps the channel from sending, found by fetching its secrets and looking at them; nil if nothing does.
  /// One line that names a source and a remedy, never a secret. Nothing is sent.
  package func problem(fetching secrets: any SecretSource) async -> String? {
    do throws(SecretError) {
      try await channel.check(fetching: secrets)
      return nil
    } catch {
      return error.message
    }
  }

  /// The channel, ready to compose and send, with its template applied.
  ///
  /// - Parameters:
  ///   - zone: the zone of times in messages where the notifier has none.
  ///   - pages: where the pages are, without a slash at its end; nil where nobody reaches them.
  ///   - warn: told in one line where a template could not be used and the built-in words are sent.
  package func notifier(
    id: NotifierID, http: any HTTPTransport, mail: any MailTransport, programs: any ProgramRunner,
    secrets: any SecretSource, zone: TimeZone = .gmt, pages: String? = nil, warn: @escaping @Sendable (String) -> Void
  ) -> any Notifier {
    let base = channel.notifier(
      id: id, by: Means(http: http, mail: mail, programs: programs, secrets: secrets))
    let (zone, link) = (policy.zone ?? zone, link ?? pages.map(MessageLink.page))
    guard template != nil || link != nil || zone != .gmt else { return base }
    do throws(TemplateDefect) {
      return try TemplatedNotifier(
        base, template ?? .builtIn, fields: type.kind.templateFields, zone: zone, link: link, warn: warn)
    } catch {
      warn("notifier \(id): template: \(error); the built-in words are sent")
      return base
    }
  }
}
