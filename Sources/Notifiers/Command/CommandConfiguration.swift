package import QuotaCore

/// Settings of a program: `command`, `timeout_seconds`, `environment` (secrets).
package struct CommandConfiguration: ChannelSettings {
  /// The program and its arguments; no shell reads them.
  package let arguments: [String]
  package let timeout: TimeSpan
  /// Secrets that the program sees in its environment, by the variable's name.
  package let environment: [String: SecretReference]

  package init(
    _ arguments: [String], timeout: TimeSpan = .seconds(30), environment: [String: SecretReference] = [:]
  ) {
    self.arguments = arguments
    self.timeout = timeout
    self.environment = environment
  }

  init?(from object: inout ConfigurationObject) {
    let arguments = object.required("command")?.arguments()
    let timeout =
      object.optional("timeout_seconds").map { $0.integer(in: 1...300).map(TimeSpan.seconds) } ?? .seconds(30)
    let environment = object.optional("environment").map { $0.secretsByVariable() } ?? [:]
    guard let arguments, let timeout, let environment else { return nil }
    self.init(arguments, timeout: timeout, environment: environment)
  }

  static let templateFields = [TemplateField("text", \.text, .plain)]

  var secrets: [SecretReference] { environment.sorted { $0.key < $1.key }.map(\.value) }

  func resolvingPaths(in directory: String) -> CommandConfiguration {
    let program = arguments.first.map { $0.contains("/") ? ConfigurationPath.absolute($0, in: directory) : $0 } ?? ""
    return CommandConfiguration([program] + arguments.dropFirst(), timeout: timeout, environment: environment)
  }

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

extension ConfigurationNode {
  fileprivate func arguments() -> [String]? {
    guard let words = array(atLeast: 1) else { return nil }
    let arguments = words.compactMap { word -> String? in
      guard let text = word.string() else { return nil }
      guard !text.unicodeScalars.contains("\u{0}") else {
        word.report("must not hold a NUL character")
        return nil
      }
      return text
    }
    return arguments.count == words.count ? arguments : nil
  }

  fileprivate func secretsByVariable() -> [String: SecretReference]? {
    guard let members = members() else { return nil }
    var secrets: [String: SecretReference] = [:]
    for (name, value) in members {
      guard name.utf8.first.map({ !$0.isDigit }) == true, name.utf8.count <= 100,
        name.utf8.allSatisfy({ $0 == 0x5F || $0.isAlphanumeric })
      else {
        value.report("\"\(name)\" cannot be the name of an environment variable (letters, digits and _)")
        continue
      }
      guard !name.hasPrefix("QUOTAWATCH_") else {
        value.report("\"\(name)\" is set by quotawatch itself; choose another name")
        continue
      }
      secrets[name] = value.secretReference()
    }
    return secrets.count == members.count ? secrets : nil
  }
}
