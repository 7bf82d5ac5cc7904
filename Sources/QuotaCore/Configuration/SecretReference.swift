/// Where a secret is to be had. The configuration never holds a secret itself.
package enum SecretReference: Hashable, Sendable {
  /// An environment variable.
  case environment(String)
  /// A file; `shared` if it may belong to another user and others may read it.
  case file(String, shared: Bool = false)
  /// A program and its arguments, whose first line of output is the secret; with a field, one of the many that it prints.
  case command([String], field: String? = nil)
  /// A file in systemd's `$CREDENTIALS_DIRECTORY`.
  case credential(String)

  /// Where it is, for a message; never the secret.
  package var source: String {
    switch self {
    case .environment(let name): "environment variable \(Self.shown(name))"
    case .file(let path, _): "file \(Self.shown(path))"
    case .command(let arguments, nil): "command \(Self.shown(arguments.first ?? ""))"
    case .command(let arguments, let field?):
      "field \(Self.shown(field)) of command \(Self.shown(arguments.first ?? ""))"
    case .credential(let name): "credential \(Self.shown(name))"
    }
  }

  /// A name or path, unless somebody has put the secret itself there.
  fileprivate static func shown(_ name: String) -> String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return looksLikeSecret(last) ? "\(Secret("")) (a name belongs here, not the secret itself)" : name
  }

  /// A vendor's or a service's key by its beginning.
  static func beginsLikeSecret(_ word: String) -> Bool {
    let beginnings = ["dt_", "sk_", "sk-", "xoxb-", "xoxp-", "ghp_", "whsec_", "glpat-", "Bearer "]
    return beginnings.contains(where: word.hasPrefix) && word.utf8.count >= 8 && !word.utf8.contains(UInt8(ascii: "."))
  }

  /// A vendor's or a service's key by its beginning, or a long run of small and large letters and digits.
  package static func looksLikeSecret(_ word: String) -> Bool {
    beginsLikeSecret(word)
      || word.utf8.split { !$0.isAlphanumeric }.contains { run in
        run.count >= 20 && run.contains(where: \.isDigit)
          && run.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
          && run.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
      }
  }
}

/// A setting that may be written openly or come from a secret, such as a webhook's address.
package enum TextOrSecret: Hashable, Sendable {
  case text(String)
  case secret(SecretReference)
}

extension Shape<SecretReference> {
  /// `{"env": NAME}`, `{"file": PATH}`, `{"command": [ARGV…]}` or `{"credential": NAME}`.
  package static var secret: Shape {
    let object = Shape.object(SecretReference.fields)
    return Shape(object.declaration) { node in
      if case .string = node.json.value {
        node.report(
          "a secret must not stand in the configuration, where backups and colleagues see it; use {\"env\": \"NAME\"}, {\"file\": \"PATH\"}, {\"command\": [\"PROGRAM\", \"ARGUMENT\"]} or {\"credential\": \"NAME\"}"
        )
        return nil
      }
      return object.decode(node)
    }
    .called("secret").named(
      "secret", "Where a secret is to be had; the secret itself never stands in this file.")
  }
}

extension Shape<TextOrSecret> {
  /// A text as it stands, or a secret.
  package static func secret(or text: Shape<String>) -> Shape {
    let either = Shape.either(
      text.map(TextOrSecret.text), or: Shape<SecretReference>.secret.map(TextOrSecret.secret)
    ) { !$0.isObject }
    return Shape(
      either.declaration, encode: { if case .text(let text) = $0 { .text(text) } else { nil } }, decode: either.decode
    )
    .called("text or secret")
  }
}

extension SecretReference {
  fileprivate static let fields = Fields(
    Field("env", .variableName, .optional, "The name of an environment variable."),
    Field(
      "file", .besideText, .optional,
      "A file that nobody else can read or change, or of root on a read-only mount or in memory, as orchestrators have it."
    ),
    Field(
      "shared", .boolean, .usually(false),
      "Whether the file may belong to another user and others may read it, such as one of a bind mount."),
    Field(
      "command", .program, .optional,
      "A program and its arguments; the first line that it prints is the secret, unless there is a `field`."),
    Field(
      "field", .line(atMost: 200), .optional,
      "Which of the secrets that the command prints, as a JSON object or as lines NAME=VALUE; it runs once for all of them."
    ),
    Field(
      "credential", .credentialName, .optional, "A credential that systemd hands to the service by LoadCredential.")
  ) { environment, file, shared, command, field, credential in
    environment.map(SecretReference.environment) ?? file.map { .file($0, shared: shared) }
      ?? command.map { .command($0, field: field) } ?? .credential(credential ?? "")
  }
  .withOne(
    of: ["env", "file", "command", "credential"],
    else: "a secret has exactly one of \"env\", \"file\", \"command\" and \"credential\""
  )
  .needing("file", for: ["shared"])
  .needing("command", for: ["field"])
}

extension Shape<String> {
  /// The path of a file, which is relative to the text in which it stands.
  fileprivate static var besideText: Shape {
    let text = Shape<String>.text
    return Shape(text.declaration) { node in text.decode(node)?.inside(node.directory) }
  }
}

extension Shape<[String]> {
  /// A program and its arguments; a program with a slash is relative to the text in which it stands.
  fileprivate static var program: Shape {
    let words = Shape<[String]>.list(of: .text, count: 1...(.max))
    return Shape(words.declaration) { node in
      guard var words = words.decode(node) else { return nil }
      if words[0].contains("/") { words[0] = words[0].inside(node.directory) }
      return words
    }
  }
}

extension Shape<String> {
  fileprivate static var variableName: Shape {
    Shape(
      "name", pattern: "^[A-Za-z_][A-Za-z0-9_]*$", accepts: ["K", "_A1"], refuses: ["1K", "K-K"],
      decode: { $0.variableName() })
  }

  fileprivate static var credentialName: Shape {
    Shape(
      "name", pattern: #"^(?!\.{1,2}$)[^/]+$"#, accepts: ["a.b", "..."], refuses: ["a/b", ".", ".."],
      decode: { $0.fileName() })
  }
}

extension ConfigurationNode {
  fileprivate func variableName() -> String? {
    guard let name = string() else { return nil }
    guard name.utf8.first.map({ !$0.isDigit }) == true,
      name.utf8.allSatisfy({ $0 == 95 || $0.isAlphanumeric })
    else {
      report("expected the name of an environment variable (letters, digits and _)")
      return nil
    }
    return name
  }

  fileprivate func fileName() -> String? {
    guard let name = string() else { return nil }
    guard !name.utf8.contains(UInt8(ascii: "/")), name != ".", name != ".." else {
      report("expected the name of a credential, without slashes")
      return nil
    }
    return name
  }
}
