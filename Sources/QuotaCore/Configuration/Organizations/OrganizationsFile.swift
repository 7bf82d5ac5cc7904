/// A table of organizations, and how it is read: the setting `organizations_file`.
package struct OrganizationsFile: Sendable {
  /// As it is written.
  package let path: String
  let encoding: TextEncoding
  /// What columns are called that have other names than usual.
  let names: [OrganizationColumn: String]
  /// Where a secret is to be had of which a row says nothing; `{id}` in it stands for the organization's id.
  let templates: [SecretOfOrganization: JSONNode]

  /// A path alone, or an object.
  package static let shape = Shape<OrganizationsFile>.either(
    Shape<String>.writtenPath.map { OrganizationsFile(path: $0, encoding: .utf8, names: [:], templates: [:]) },
    or: object
  ) { !$0.isObject }
  .called("path or object")
  .tried(
    only: [], refuses: [[:], 5, ["path": ""], ["path": "c.csv", "delimiter": ";"]],
    beyond: ["no-such.csv", ["path": "no-such.csv", "api_key": ["file": "key"]]])

  private static let object = Shape.object(
    Fields(
      Field("path", .writtenPath, .required, "The CSV file."),
      Field(
        "api_key", .secretTemplate, .optional,
        "Where the keys are to be had of organizations whose row does not say it: a secret in which `{id}` stands for the organization's id."
      ),
      Field("webhook_secret", .secretTemplate, .optional, "The same for what the vendor signs webhooks with."),
      Field(
        "columns",
        .byName(.columnName, names: Shape<OrganizationColumn>.choice().map(\.rawValue), problem: unknownColumn),
        .usually([]), "What columns are called that have other names than here."),
      Field(
        "encoding", .choice(of: TextEncoding.self), .usually(.utf8),
        "The characters; UTF-16 is told by its byte order mark.")
    ) { path, apiKey, webhookSecret, names, encoding in
      let names = names.compactMap { name in OrganizationColumn(rawValue: name.name).map { ($0, name.value) } }
      return OrganizationsFile(
        path: path, encoding: encoding, names: Dictionary(names) { $1 },
        templates: [SecretOfOrganization.apiKey: apiKey, .webhookSecret: webhookSecret].compactMapValues { $0 })
    }
  )
  .named("organizationsFile", "A table of organizations, and how it is read.")

  private static func unknownColumn(_: ConfigurationNode, _ name: String) -> String? {
    guard OrganizationColumn(rawValue: name) == nil else { return nil }
    return "\"\(name)\" is not known here" + suggestion(for: name, among: OrganizationColumn.allCases.map(\.rawValue))
  }
}

extension Shape<JSONNode> {
  /// A secret in which `{id}` stands for an organization's id.
  fileprivate static var secretTemplate: Shape {
    let object = Shape<Bool>.object(
      Fields(
        Field(
          "env", .text, .optional,
          "The name of an environment variable; the id is written in capitals, with _ for what no name may have."),
        Field("file", .text, .optional, "A file; a relative path is relative to this file."),
        Field("shared", .boolean, .usually(false), "As in a secret."),
        Field("command", .list(of: .text, count: 1...(.max)), .optional, "A program and its arguments."),
        Field("field", .line(atMost: 200), .optional, "Which of the secrets that the command prints."),
        Field("credential", .text, .optional, "A credential of systemd.")
      ) { _, _, _, _, _, _ in true }
      .withOne(
        of: ["env", "file", "command", "credential"],
        else: "a secret has exactly one of \"env\", \"file\", \"command\" and \"credential\""
      )
      .needing("file", for: ["shared"])
      .needing("command", for: ["field"]))
    return Shape(object.declaration) { node in
      if case .string = node.json.value {
        // The same refusal as where a secret itself is written.
        _ = node.decoded(as: .secret)
        return nil
      }
      guard object.decode(node) != nil else { return nil }
      guard node.json.hasPlaceholder else {
        node.report(
          "\"{id}\" has to stand in it, as in {\"file\": \"keys/{id}\"}: otherwise all organizations share one secret")
        return nil
      }
      return node.json
    }
    .called("secret with `{id}`")
    .named("secretTemplate", "Where each organization's secret is to be had; {id} stands for its id.")
    .tried(
      only: [["file": "keys/{id}"], ["env": "KEY_{id}"], ["command": ["sops", "-d", "k.json"], "field": "{id}"]],
      refuses: ["x", [:], ["file": "keys/{id}", "env": "KEY_{id}"], ["file": "keys/{id}", "field": "{id}"]],
      beyond: [["file": "key"]])
  }
}

extension JSONNode {
  private static let placeholder = "{id}"

  fileprivate var hasPlaceholder: Bool {
    switch value {
    case .string(let text): text.contains(Self.placeholder)
    case .array(let items): items.contains(where: \.hasPlaceholder)
    case .object(let members): members.contains { $0.node.hasPlaceholder }
    case .null, .boolean, .number: false
    }
  }

  /// This with an organization's id instead of each `{id}`, in capitals and with `_` where a variable is named.
  func filled(with id: String, isVariable: Bool = false) -> JSONNode {
    switch value {
    case .string(let text):
      return JSONNode(
        .string(Self.filled(text, with: isVariable ? id.asVariable : id)), offset: offset)
    case .array(let items): return JSONNode(.array(JSONList(items.map { $0.filled(with: id) })), offset: offset)
    case .object(let members):
      let filled = members.map { member in
        JSONMember(
          name: member.name, nameOffset: member.nameOffset,
          node: member.node.filled(with: id, isVariable: member.name == "env"))
      }
      return JSONNode(.object(filled), offset: offset)
    case .null, .boolean, .number: return self
    }
  }

  /// By bytes: `replacing` takes a fifth of the time that a long table takes.
  private static func filled(_ text: String, with id: String) -> String {
    var (filled, rest) = ("", text[...])
    while let start = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
      let isPlaceholder = rest[start...].utf8.starts(with: placeholder.utf8)
      filled += rest[..<start]
      filled += isPlaceholder ? id : "{"
      rest = rest[rest.utf8.index(start, offsetBy: isPlaceholder ? placeholder.utf8.count : 1)...]
    }
    return filled + rest
  }
}

extension String {
  /// An id as a part of a variable's name: in capitals, with `_` for what no name may have.
  package var asVariable: String { String(uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }) }
}
