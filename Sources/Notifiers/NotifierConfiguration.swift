package import FoundationEssentials
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

  /// Decodes a notifier's settings; nil after reporting what is wrong with them.
  ///
  /// - Parameters:
  ///   - timeZone: decodes a zone: the database of their names is not the core's.
  ///   - templateFile: reads the file that a node names, and reports what keeps it from being read.
  package init?(
    from node: ConfigurationNode, timeZone: (ConfigurationNode) -> TimeZone?,
    templateFile: (ConfigurationNode) -> String?
  ) {
    let decoded = node.object { object -> NotifierConfiguration? in
      guard let kind = object.required("type")?.choice(of: Channel.Kind.self) else {
        object.expectEverything()
        return nil
      }
      let policy = DeliveryPolicy(from: &object, timeZone: timeZone)
      let settings = kind.settings
      let template = object.optional("template").map {
        MessageTemplate(from: $0, fields: settings.templateFields, read: templateFile)
      }
      if !settings.groups { Self.refuseGrouping(in: &object, kind) }
      guard let channel = Channel(kind, from: &object), template != .some(nil) else { return nil }
      return NotifierConfiguration(channel, policy: policy, template: template ?? nil)
    }
    guard let decoded else { return nil }
    self = decoded
  }

  package var kind: Channel.Kind { channel.kind }

  /// What makes several events one message cannot be asked of a channel that keeps an incident for each of them.
  private static func refuseGrouping(in object: inout ConfigurationObject, _ kind: Channel.Kind) {
    for key in ["digest", "group_above", "max_messages"] {
      object.optional(key)?.report(
        "\(kind.rawValue) keeps an incident for each alert, so several cannot come in one message; remove \"\(key)\"")
    }
  }

  /// Every secret that the channel uses.
  package var secrets: [SecretReference] { channel.settings.secrets }

  /// The same settings with relative paths taken as relative to a directory. Secrets are left alone: their source
  /// resolves them.
  package func resolvingPaths(in directory: String) -> NotifierConfiguration {
    var resolved = self
    resolved.channel = channel.resolvingPaths(in: directory)
    return resolved
  }

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
