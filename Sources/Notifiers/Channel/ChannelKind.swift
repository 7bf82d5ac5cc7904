import QuotaCore

/// A way to tell somebody, with its settings: one folder beside this one, and a line in ``ChannelType``.
protocol ChannelKind: Hashable, Sendable {
  static var type: ChannelType { get }

  /// A sentence on what it is.
  static var summary: String { get }

  /// The keys that are the channel's own.
  static var fields: Fields<Self> { get }

  /// The parts of the channel's message that a template may replace, in the order of its documentation.
  static var templateFields: [TemplateField] { get }

  /// See ``Notifier/groups``.
  static var groups: Bool { get }

  /// See ``Notifier/sendsAcknowledgements``.
  static var sendsAcknowledgements: Bool { get }

  /// Whether it runs a program of the configuration.
  static var runsPrograms: Bool { get }

  /// Every secret that the channel uses.
  var secrets: [SecretReference] { get }

  /// A file of certificate authorities (PEM) that it trusts instead of the system's.
  var caFile: String? { get }

  /// Fetches the secrets and looks at them, as far as it can be said without sending that they will do.
  func check(fetching secrets: any SecretSource) async throws(SecretError)

  /// The channel, ready to compose and send.
  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier
}

extension ChannelKind {
  static var groups: Bool { true }
  static var sendsAcknowledgements: Bool { false }
  static var runsPrograms: Bool { false }
  var caFile: String? { nil }

  static var anyFields: Fields<any ChannelKind> { fields.map { $0 } }
}

/// What channels send with.
struct Means: Sendable {
  let http: any HTTPTransport
  let mail: any MailTransport
  let programs: any ProgramRunner
  let secrets: any SecretSource
}
