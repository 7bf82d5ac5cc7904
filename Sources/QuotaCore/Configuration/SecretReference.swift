/// Where a secret is to be had. The configuration never holds a secret itself.
package enum SecretReference: Hashable, Sendable {
  /// An environment variable.
  case environment(String)
  /// A file that only its owner may read.
  case file(String)
  /// A program and its arguments, whose first line of output is the secret.
  case command([String])
  /// A file in systemd's `$CREDENTIALS_DIRECTORY`.
  case credential(String)

  /// Where it is, for a message; never the secret.
  package var source: String {
    switch self {
    case .environment(let name): "environment variable \(name)"
    case .file(let path): "file \(path)"
    case .command(let arguments): "command \(arguments.first ?? "")"
    case .credential(let name): "credential \(name)"
    }
  }
}

/// A setting that may be written openly or come from a secret, such as a webhook's address.
package enum TextOrSecret: Hashable, Sendable {
  case text(String)
  case secret(SecretReference)
}

extension ConfigurationNode {
  /// `{"env": NAME}`, `{"file": PATH}`, `{"command": [ARGV…]}` or `{"credential": NAME}`.
  package func secretReference() -> SecretReference? {
    if case .string = json.value {
      report(
        "a secret must not stand in the configuration, where backups and colleagues see it; use {\"env\": \"NAME\"}, {\"file\": \"PATH\"}, {\"command\": [\"PROGRAM\", \"ARGUMENT\"]} or {\"credential\": \"NAME\"}"
      )
      return nil
    }
    return object { object -> SecretReference? in
      let environment = object.optional("env")
      let file = object.optional("file")
      let command = object.optional("command")
      let credential = object.optional("credential")
      guard [environment, file, command, credential].count(where: { $0 != nil }) == 1 else {
        report("a secret has exactly one of \"env\", \"file\", \"command\" and \"credential\"")
        return nil
      }
      if let environment { return environment.variableName().map(SecretReference.environment) }
      if let file { return file.string().map(SecretReference.file) }
      if let credential { return credential.fileName().map(SecretReference.credential) }
      guard let words = command?.array(atLeast: 1) else { return nil }
      let arguments = words.compactMap { $0.string() }
      return arguments.count == words.count ? .command(arguments) : nil
    }
  }

  /// Text as it stands, or a secret.
  package func textOrSecret() -> TextOrSecret? {
    if case .string = json.value { return string().map(TextOrSecret.text) }
    return secretReference().map(TextOrSecret.secret)
  }

  private func variableName() -> String? {
    guard let name = string() else { return nil }
    guard name.utf8.first.map({ !$0.isDigit }) == true,
      name.utf8.allSatisfy({ $0 == 95 || $0.isDigit || (65...90).contains($0) || (97...122).contains($0) })
    else {
      report("expected the name of an environment variable (letters, digits and _)")
      return nil
    }
    return name
  }

  private func fileName() -> String? {
    guard let name = string() else { return nil }
    guard !name.utf8.contains(UInt8(ascii: "/")), name != ".", name != ".." else {
      report("expected the name of a credential, without slashes")
      return nil
    }
    return name
  }
}
