import QuotaCore

/// What every channel's settings can say and do.
protocol ChannelSettings: Hashable, Sendable {
  /// Decodes every key that is the channel's own; nil after reporting what is wrong.
  init?(from object: inout ConfigurationObject)

  /// Every secret that the channel uses.
  var secrets: [SecretReference] { get }

  /// See ``Notifier/groups``.
  var groups: Bool { get }

  /// The same settings with relative paths of files taken as relative to a directory.
  func resolvingPaths(in directory: String) -> Self

  /// Fetches the secrets and looks at them, as far as it can be said without sending that they will do.
  func check(fetching secrets: any SecretSource) async throws(SecretError)

  /// The channel, ready to compose and send.
  func notifier(id: NotifierID, by means: Means) -> any Notifier
}

extension ChannelSettings {
  var groups: Bool { true }
}

/// What channels send with.
struct Means: Sendable {
  let http: any HTTPTransport
  let mail: any MailTransport
  let secrets: any SecretSource
}
