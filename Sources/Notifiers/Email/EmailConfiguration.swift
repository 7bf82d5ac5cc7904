package import QuotaCore

/// Settings of e-mail: `url`, `username`, `password`, `from`, `to`, `ca_file`, `allow_plain`.
package struct EmailConfiguration: ChannelSettings {
  /// `smtp+starttls://HOST:PORT`, `smtps://HOST:PORT` or `smtp://HOST:PORT`.
  package let url: TextOrSecret
  package let username: String?
  package let password: SecretReference?
  package let from: Mailbox
  /// At least one.
  package let to: [Mailbox]
  /// A file of certificate authorities (PEM) to trust instead of the system's.
  package let caFile: String?
  /// Whether clear text is allowed to hosts that are not loopback.
  package let allowsPlain: Bool

  package init(
    url: TextOrSecret, username: String? = nil, password: SecretReference? = nil, from: Mailbox, to: [Mailbox],
    caFile: String? = nil, allowsPlain: Bool = false
  ) {
    self.url = url
    self.username = username
    self.password = password
    self.from = from
    self.to = to
    self.caFile = caFile
    self.allowsPlain = allowsPlain
  }

  init?(from object: inout ConfigurationObject) {
    let url = object.required("url")?.textOrSecret()
    let username = object.optional("username").map { $0.line() }
    let password = object.optional("password").map { $0.secretReference() }
    let from = object.required("from")?.mailbox()
    let to = object.required("to")?.mailboxes()
    let caFile = object.optional("ca_file")?.string()
    let allowsPlain = object.optional("allow_plain").map { $0.boolean() } ?? false
    if (username == nil) != (password == nil) {
      object.node.report("\"username\" and \"password\" go together; give both or neither")
      return nil
    }
    if let allowsPlain, case .text(let text) = url,
      let problem = MailAddress.problem(in: text, allowsPlain: allowsPlain)
    {
      object.optional("url")?.report(problem)
      return nil
    }
    guard let url, let from, let to, let allowsPlain, username != .some(nil), password != .some(nil) else { return nil }
    self.init(
      url: url, username: username ?? nil, password: password ?? nil, from: from, to: to, caFile: caFile,
      allowsPlain: allowsPlain)
  }

  var secrets: [SecretReference] {
    let address: [SecretReference] = if case .secret(let reference) = url { [reference] } else { [] }
    return address + (password.map { [$0] } ?? [])
  }

  func resolvingPaths(in directory: String) -> EmailConfiguration {
    EmailConfiguration(
      url: url, username: username, password: password, from: from, to: to,
      caFile: caFile.map { ConfigurationPath.absolute($0, in: directory) }, allowsPlain: allowsPlain)
  }

  func check(fetching secrets: any SecretSource) async throws(SecretError) {
    _ = try await server(from: secrets)
  }

  static let templateFields = [
    TemplateField("subject", \.title, .plain), TemplateField("text", \.text, .plain),
    TemplateField("html", \.html, .html),
  ]

  func notifier(id: NotifierID, by means: Means) -> any ChannelNotifier {
    EmailNotifier(id: id, settings: self, mail: means.mail, secrets: means.secrets)
  }

  /// How long one attempt to hand over a message may take; a server may hold its greeting back for a while.
  private static let timeout = TimeSpan.seconds(20)

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
      caFile: caFile, allowsPlain: allowsPlain, timeout: Self.timeout)
  }
}

extension ConfigurationNode {
  /// Text without control characters.
  fileprivate func line() -> String? {
    guard let text = string() else { return nil }
    guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      report("must not hold line breaks or other control characters")
      return nil
    }
    return text
  }

  fileprivate func mailbox() -> Mailbox? {
    guard let text = string() else { return nil }
    guard let mailbox = Mailbox(text) else {
      report("expected a mailbox such as \"finance@example.com\" or \"Finance <finance@example.com>\"")
      return nil
    }
    return mailbox
  }

  fileprivate func mailboxes() -> [Mailbox]? {
    guard let items = array(atLeast: 1) else { return nil }
    var addresses: Set<String> = []
    let mailboxes = items.compactMap { item -> Mailbox? in
      guard let mailbox = item.mailbox() else { return nil }
      guard addresses.insert(mailbox.address).inserted else {
        item.report("\(mailbox.address) stands here twice")
        return nil
      }
      return mailbox
    }
    return mailboxes.count == items.count ? mailboxes : nil
  }
}
