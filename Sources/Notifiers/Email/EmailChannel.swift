import QuotaCore

/// Settings of e-mail: `url`, `username`, `password`, `from`, `to`, `ca_file`, `allow_plain`.
struct EmailChannel: ChannelKind {
  /// `smtp+starttls://HOST:PORT`, `smtps://HOST:PORT` or `smtp://HOST:PORT`.
  let url: TextOrSecret
  var username: String?
  var password: SecretReference?
  let from: Mailbox
  /// At least one.
  let to: [Mailbox]
  /// A file of certificate authorities (PEM) to trust instead of the system's.
  var caFile: String?
  /// Whether clear text is allowed to hosts that are not loopback.
  var allowsPlain = false
  var timeout = usualTimeout
  /// What this machine calls itself; nil for its own name.
  var ehlo: String?

  static let type = ChannelType.email
  static let summary = "E-mail over SMTP."

  static let fields = Fields(server, login, from, to, session, .caFile) { server, login, from, to, session, caFile in
    EmailChannel(
      url: server.url, username: login.username, password: login.password, from: from, to: to, caFile: caFile,
      allowsPlain: server.allowsPlain, timeout: session.timeout, ehlo: session.ehlo)
  }

  /// What RFC 5321, section 4.5.3.2.6, asks for at the step that takes longest.
  private static let usualTimeout = TimeSpan.minutes(10)
  private static let session = Fields(
    Field(
      "timeout", .timeSpan(from: .seconds(5), to: .hours(1)), .usually(usualTimeout),
      "How long one attempt may take. A server that has the message is waited for even when the run's time is over."),
    Field("ehlo", .hostName, .optional("the machine's"), "The name by which this machine introduces itself.")
  ) { (timeout: $0, ehlo: $1) }

  private static let server = Fields(
    Field(
      "url", .secret(or: .mailAddress), .required,
      "The mail server: `smtp+starttls://HOST:PORT`, `smtps://HOST:PORT`, or `smtp://HOST:PORT` on loopback."),
    Field("allow_plain", .boolean, .usually(false), "Allows plain `smtp` to hosts that are not loopback.")
  ) { (url: $0, allowsPlain: $1) }
  .checked(at: "url", demand: MailAddress.demand) { server in
    guard case .text(let text) = server.url else { return nil }
    return MailAddress.problem(in: text, allowsPlain: server.allowsPlain)
  }

  private static let login = Fields(
    Field("username", .line(atMost: 1_000), .optional, "The name to log in with; goes with `password`."),
    Field("password", .secret, .optional, "The password to log in with; goes with `username`.")
  ) { (username: $0, password: $1) }
  .together(["username", "password"], else: "\"username\" and \"password\" go together; give both or neither")

  private static let from = Field("from", .mailbox, .required, "The sender.")
  private static let to = Field(
    "to", .distinct(.mailbox, atLeast: 1) { $0.address }, .required, "The recipients, at least one.")

  var secrets: [SecretReference] {
    let address: [SecretReference] = if case .secret(let reference) = url { [reference] } else { [] }
    return address + (password.map { [$0] } ?? [])
  }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await server(from: secrets)
  }

  static let templateFields = [
    TemplateField("subject", \.title, .plain), TemplateField("text", \.text, .unlinked),
    TemplateField("html", \.html, .html),
  ]

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    EmailNotifier(id: id, settings: self, mail: means.mail, secrets: means.secrets)
  }

  /// The server to hand messages to, with its secrets fetched.
  func server(from secrets: any SecretSource) async throws(SecretError) -> MailServer {
    let text = try await secrets.text(url).reveal()
    guard let address = MailAddress(text), MailAddress.problem(in: text, allowsPlain: allowsPlain) == nil else {
      let problem = MailAddress.problem(in: text, allowsPlain: allowsPlain) ?? ""
      let place = self.secrets.first.map { "the address in \($0.source)" } ?? "the address"
      throw SecretError("\(place) cannot be used: \(problem)")
    }
    var secret: Secret?
    if let password { secret = try await secrets.secret(password) }
    return MailServer(
      security: address.security, host: address.host, port: address.port, username: username, password: secret,
      caFile: caFile, allowsPlain: allowsPlain, timeout: timeout, ehlo: ehlo)
  }
}

extension Shape<String> {
  fileprivate static var hostName: Shape {
    Shape(
      "host name",
      pattern: #"^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$"#,
      accepts: ["mail.example.com", "host1"], refuses: ["-a", "a b", "a..b", "a/b", "é"]
    ) { node in
      guard let name = node.string() else { return nil }
      let labels = name.split(separator: ".", omittingEmptySubsequences: false)
      guard
        labels.allSatisfy({ label in
          !label.isEmpty && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
        })
      else {
        node.report("expected a host name such as \"quotawatch.example.com\"")
        return nil
      }
      return name
    }
  }

  fileprivate static var mailAddress: Shape {
    Shape(
      "address", pattern: MailAddress.pattern(isSecure: false),
      accepts: ["smtp+starttls://m.example.com:587", "smtps://m.example.com", "smtp://localhost:25"],
      refuses: [
        "smtp://m.example.com", "smtp://127.0.0.1.evil.com", "https://m.example.com", "smtps://u@m.example.com",
        "smtps://m/path", "SMTPS://m", "smtps://m:99999",
      ], decode: { $0.string() }
    )
    .named("mailAddress", "The address of a mail server.")
  }
}

extension MailAddress {
  fileprivate static func pattern(isSecure: Bool) -> String {
    "^(?:smtp(?:\\+starttls|s)://\(HostAndPort.host)|smtp://\(isSecure ? HostAndPort.loopback : HostAndPort.host))"
      + "\(HostAndPort.optionalPort)$"
  }

  /// That clear text is for loopback, unless `allow_plain` says otherwise.
  fileprivate static let demand: JSONLiteral = [
    "anyOf": [
      ["required": ["allow_plain"], "properties": ["allow_plain": ["const": true]]],
      ["properties": ["url": ["pattern": .text(pattern(isSecure: true))]]],
    ]
  ]
}

extension Shape<Mailbox> {
  private static let address =
    #"(?=[^@]{1,64}@)(?=[^>]{1,254}>?$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"#
    + #"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"#
  private static let name =
    #"[^"<>\\\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]*"#

  fileprivate static var mailbox: Shape {
    Shape(
      "mailbox", plural: "mailboxes", pattern: #"^(?:\#(address)|(?: *"\#(name)" *|\#(name))<\#(address)>)$"#,
      accepts: [
        "finance@example.com", "Finance <finance@example.com>", "<finance@example.com>",
        "\"Finance, Inc.\" <f.o'x+y@mail.example.com>", "Größe <a@b>",
      ],
      refuses: [
        "finance", "@example.com", "a@", "a@b@c", "a b@c", "a@-b", "a@b..c", ".a@b", "a@b>", "A <a@b", "A < a@b>",
        "A <B> <a@b>", #"a\b <a@b>"#, "A\nBcc: x <a@b>", "A\u{202E} <a@b>", "é@b",
      ]
    ) { node in
      guard let text = node.string() else { return nil }
      guard let mailbox = Mailbox(text) else {
        node.report("expected a mailbox such as \"finance@example.com\" or \"Finance <finance@example.com>\"")
        return nil
      }
      return mailbox
    }
    .named("mailbox", "An address such as finance@example.com, or Finance <finance@example.com>.")
  }
}
