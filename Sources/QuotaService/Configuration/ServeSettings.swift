import Notifiers
package import QuotaCore
package import WebServer

/// When `serve` collects by itself.
package struct Schedule: Hashable, Sendable {
  /// From the beginning of one run to the beginning of the next.
  package let every: TimeSpan

  package init(every: TimeSpan) {
    self.every = every
  }

  /// The most by which a run is put off at random, so that many installations do not ask at the same moment: a tenth of
  /// the interval, at most half a minute. In seconds.
  package var jitter: Double { min(Double(every.seconds) / 10, 30) }
}

/// Somebody who may ask the server of `serve`.
package struct ServeToken: Hashable, Sendable {
  package let name: String
  package let secret: SecretReference
  package let scopes: [AccessPolicy.Scope]
  /// Only these; nil for all.
  package let organizations: [OrganizationID]?
}

/// By which names the server of `serve` goes, and whom it believes.
package struct ServeSettings: Sendable {
  package var hosts: [String] = []
  package var proxy: AccessPolicy.Proxy?
  /// Where people reach the pages, without a slash at its end; nil where nobody says.
  package var publicURL: String?
  /// Whether who is on this machine may act without showing anything.
  package var allowsActionsOnLoopback = false

  package init() {}
}

extension Schedule {
  static let shape = Shape.object(
    Field(
      "every", .timeSpan(from: .seconds(5), to: .days(1)), .required,
      "From the beginning of one run to the beginning of the next; a run begins up to a tenth of that later, at most 30 seconds."
    ).map { Schedule(every: $0) }
  )
  .named("schedule", "When `quotawatch serve` collects by itself.")
}

extension ServeToken {
  static let shape = Shape.object(
    Fields(
      Field("name", .identifier, .required, "What the token is called where it is spoken of."),
      Field(
        "token", .secret, .required, "What is shown as `Authorization: Bearer …`; take 32 random characters or more."),
      Field(
        "scopes", .list(of: .choice(of: AccessPolicy.Scope.self), count: 1...(.max)), .required,
        "What it is good for: `read` for pages and the API, `metrics` for `/metrics`, `act` to acknowledge, silence, resend and accept, `admin` to have the configuration read anew."
      ),
      Field(
        "organizations", .distinct(.reference(to: .organization), atLeast: 1), .optional("all"),
        "The ids of the organizations that it shows.")
    ) { name, secret, scopes, organizations in
      ServeToken(
        name: name, secret: secret, scopes: scopes, organizations: organizations.map { $0.map { OrganizationID($0) } })
    }
  )
  .called("token").named("token", "Somebody who may ask the server of `quotawatch serve`.")
}

extension ServeSettings {
  static let shape = Shape.object(
    Fields(
      Field(
        "hosts", .distinct(.hostName), .usually([]),
        "The names that the server goes by, besides its address and `localhost`: requests for others are refused."),
      Field("proxy", AccessPolicy.Proxy.shape, .optional, "A proxy that has asked who somebody is."),
      Field(
        "public_url", .publicURL, .optional,
        "Where people reach the pages, such as `https://usage.example.com`: messages lead there, and the server goes by its name. It has no path: a proxy passes everything on that comes for this name."
      ),
      Field(
        "allow_actions_on_loopback", .boolean, .usually(false),
        "Lets everybody on this machine acknowledge, silence, resend and accept without a token, if the server listens on loopback."
      )
    ) { hosts, proxy, publicURL, allowsActions in
      var settings = ServeSettings()
      (settings.proxy, settings.publicURL) = (proxy, publicURL.map { $0.last == "/" ? String($0.dropLast()) : $0 })
      settings.hosts = hosts + [publicURL.flatMap { WebAddress.host(of: $0) }].compactMap { $0 }
      settings.allowsActionsOnLoopback = allowsActions
      return settings
    }
  )
  .named("serve", "By which names the server of `quotawatch serve` goes, and whom it believes.")
}

extension AccessPolicy.Proxy {
  fileprivate static let shape = Shape.object(
    Fields(
      Field(
        "header", .proxyHeader, .required, "The header in which it says who somebody is, such as `X-Forwarded-User`."),
      Field(
        "peers", .list(of: .addressRange, count: 1...(.max)), .required,
        "The addresses of the proxy: whoever else sends the header is not believed."),
      Field(
        "scopes", .list(of: .choice(of: AccessPolicy.Scope.self), count: 1...(.max)),
        .usually([.read, .metrics]), "What those may do whom it names, as the scopes of tokens.")
    ) { AccessPolicy.Proxy(header: $0, peers: $1, scopes: Set($2)) }
  )
  .named("proxy", "A proxy that asks people who they are.")
}

/// A part between the dots of a host's name.
enum HostLabel {
  /// Whether it is letters in lower case, digits and inner hyphens.
  static func isValid(_ label: some StringProtocol) -> Bool {
    !label.isEmpty && label.first != "-" && label.last != "-"
      && label.utf8.allSatisfy {
        $0.isDigit || $0 == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
      }
  }
}

extension Shape where Value == String {
  /// A name of a host, without a port.
  fileprivate static var hostName: Shape {
    let pattern = #"^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$"#
    return Shape(
      "host name", pattern: pattern, accepts: ["usage.example.com"],
      refuses: ["https://usage.example.com", "usage.example.com:8787", "a..b"], encode: { .text($0) }
    ) { node in
      guard let text = node.string() else { return nil }
      let labels = text.split(separator: ".", omittingEmptySubsequences: false)
      guard labels.allSatisfy({ HostLabel.isValid($0.lowercased()) }) else {
        node.report("expected the name of a host such as \"usage.example.com\", without a port, found \"\(text)\"")
        return nil
      }
      return text
    }
  }

  /// An `http` or `https` address without user name, path, query and fragment.
  fileprivate static var publicURL: Shape {
    let pattern = WebAddress.pattern(rest: "/?")
    return Shape(
      "address", pattern: pattern,
      accepts: ["https://usage.example.com", "https://usage.example.com/", "http://10.0.0.7:8787"],
      refuses: [
        "usage.example.com", "ftp://h.example.com", "https://h/?a", "https://h/#a", "https://u:p@h/", "/usage",
        "https://example.com/usage", "https://example.com//", "https://example.com?",
      ],
      encode: { .text($0) }
    ) { node in
      guard let text = node.string() else { return nil }
      if let problem = WebAddress.problem(in: text, allowsPlainHTTP: true) {
        node.report(problem)
        return nil
      }
      let rest = text.drop { $0 != ":" }.dropFirst(3).drop { !"/?#".contains($0) }
      guard ["", "/"].contains(rest) else {
        node.report(
          "the pages have a name of their own and are not below a path: expected an address without one, such as "
            + "\"https://usage.example.com\"")
        return nil
      }
      return text
    }
    .named("publicURL", "Where people reach the pages.")
  }

  /// The name of a header that bears a user's name.
  fileprivate static var proxyHeader: Shape {
    Shape(
      "header", pattern: "^[A-Za-z][A-Za-z0-9-]*$", accepts: ["X-Forwarded-User", "Remote-User"],
      refuses: ["X Forwarded", "a:b"], encode: { .text($0) }
    ) { node in
      guard let text = node.string() else { return nil }
      guard text.utf8.first?.isLetter == true, text.utf8.allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "-") })
      else {
        node.report("expected the name of a header such as \"X-Forwarded-User\", found \"\(text)\"")
        return nil
      }
      return text
    }
  }
}

extension Shape where Value == AddressRange {
  fileprivate static var addressRange: Shape {
    Shape(
      "address", plural: "addresses", pattern: "^[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?$",
      accepts: ["127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8"], refuses: ["localhost", "10.0.0.0/"],
      beyond: ["10.0.0.0/33", "256.0.0.1"]
    ) { node in
      guard let text = node.string() else { return nil }
      guard let range = AddressRange(text) else {
        node.report("expected an IP address or a network such as \"10.0.0.0/8\", found \"\(text)\"")
        return nil
      }
      return range
    }
  }
}
