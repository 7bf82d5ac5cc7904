import QuotaCore

/// Settings of a program: `command`, `timeout_seconds`, `environment` (secrets).
struct CommandChannel: ChannelKind {
  /// The program and its arguments; no shell reads them.
  let arguments: [String]
  let timeout: TimeSpan
  /// Secrets that the program sees in its environment, by the variable's name.
  let environment: [String: SecretReference]

  init(
    _ arguments: [String], timeout: TimeSpan = .seconds(30), environment: [String: SecretReference] = [:]
  ) {
    self.arguments = arguments
    self.timeout = timeout
    self.environment = environment
  }

  static let type = ChannelType.command
  static let runsPrograms = true
  static let summary = "A program that is given each message on standard input."
  static let sendsAcknowledgements = true

  static let fields = Fields(
    Field("command", .program, .required, "The program and its arguments; no shell reads them."),
    Field("timeout_seconds", .count(from: 1, to: 300), .usually(30), "How long it may take."),
    Field(
      "environment", .variables, .usually([]), "Secrets that it sees in its environment, by the variable's name.")
  ) { arguments, timeout, environment in
    CommandChannel(
      arguments, timeout: .seconds(timeout),
      environment: Dictionary(environment.map { ($0.name, $0.value) }) { first, _ in first })
  }

  static let templateFields = [TemplateField("text", \.text, .plain)]

  var secrets: [SecretReference] { environment.sorted { $0.key < $1.key }.map(\.value) }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await variables(fetching: secrets)
  }

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    CommandNotifier(id: id, settings: self, programs: means.programs, secrets: means.secrets)
  }

  func variables(fetching secrets: any SecretSource) async throws(SecretError) -> [String: Secret] {
    var variables: [String: Secret] = [:]
    for (name, reference) in environment { variables[name] = try await secrets.secret(reference) }
    return variables
  }
}

extension Shape<[String]> {
  /// A program with a slash in its name is relative to the configuration's directory.
  fileprivate static var program: Shape {
    let words = list(of: Shape<String>.argument, count: 1...(.max))
    return Shape(words.declaration) { node in
      guard var arguments = node.decoded(as: words) else { return nil }
      if arguments[0].contains("/") { arguments[0] = node.path(arguments[0]) }
      return arguments
    }
  }
}

extension Shape<String> {
  fileprivate static var argument: Shape {
    Shape(
      "text", plural: "texts",
      [.init("type", "string"), .init("minLength", 1), .init("pattern", #"^[^\u0000]*$"#)],
      accepts: ["tell", "a b"], refuses: ["", "a\0b", 5], decode: { $0.string() }
    )
    .checked { $0.unicodeScalars.contains("\0") ? "must not hold a NUL character" : nil }
  }

  fileprivate static var variable: Shape {
    Shape(
      "name of a variable", pattern: "^(?!QUOTAWATCH_)[A-Za-z_][A-Za-z0-9_]{0,99}$", accepts: ["_A", "TOKEN_2"],
      refuses: ["1A", "A B", "QUOTAWATCH_A"], decode: { $0.string() })
  }
}

extension Shape<[Named<SecretReference>]> {
  fileprivate static var variables: Shape {
    Shape.byName(.secret, names: .variable) { _, name in
      guard name.utf8.first.map({ !$0.isDigit }) == true, name.utf8.count <= 100,
        name.utf8.allSatisfy({ $0 == 0x5F || $0.isAlphanumeric })
      else { return "\"\(name)\" cannot be the name of an environment variable (letters, digits and _)" }
      return name.hasPrefix("QUOTAWATCH_") ? "\"\(name)\" is set by quotawatch itself; choose another name" : nil
    }
    .called("object of secrets")
  }
}
