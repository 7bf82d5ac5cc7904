package import QuotaCore

/// What may be used as the address of a webhook or of another service on the web.
package enum WebAddress {
  /// Why a text cannot be used as an address, and what to do; nil if it can. The text is not repeated, since an
  /// address may be a secret.
  ///
  /// - Parameter allowsPlainHTTP: whether `http` is allowed to hosts that are not loopback.
  package static func problem(in text: String, allowsPlainHTTP: Bool) -> String? {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !#""<>\^`{|}"#.utf8.contains($0) }) else {
      return "an address must not hold spaces, line breaks or other characters that need encoding"
    }
    guard let separator = text.utf8.firstRange(of: "://".utf8) else { return expectation }
    let scheme = text[..<separator.lowerBound].lowercased()
    guard scheme == "https" || scheme == "http" else { return expectation }
    let authority = text[separator.upperBound...].prefix { !"/?#".contains($0) }
    guard !authority.contains("@") else {
      return "an address must not hold a user name or password"
    }
    guard let host = HostAndPort(authority) else { return expectation }
    guard scheme == "https" || host.isLoopback || allowsPlainHTTP else {
      return "plain http is for loopback only; use https, or set \"allow_http\": true if the network is trusted"
    }
    return nil
  }

  /// The host that an address names, without user name, port and path; nil for one that is relative or none at all.
  package static func host(of text: String) -> String? {
    guard let slashes = text.utf8.firstRange(of: "//".utf8) else { return nil }
    let scheme = text[..<slashes.lowerBound]
    guard scheme.isEmpty || scheme.last == ":" && scheme.utf8.dropLast().allSatisfy(\.isAlphanumeric) else {
      return nil
    }
    let authority = text[slashes.upperBound...].prefix { !"/?#\\".contains($0) }
    return HostAndPort(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "")?.host
  }

  private static let expectation = "expected an address such as \"https://hooks.example.com/path\""

  /// A regular expression of addresses.
  ///
  /// - Parameters:
  ///   - rest: one of what follows the host and the port.
  ///   - isSecure: whether plain `http` is for loopback only.
  package static func pattern(rest: String = #"(?:[/?#][!#-;=?-\[\]_a-z~]*)?"#, isSecure: Bool = false) -> String {
    "^(?:[Hh][Tt][Tt][Pp][Ss]://\(HostAndPort.host)|[Hh][Tt][Tt][Pp]://"
      + "\(isSecure ? HostAndPort.loopback : HostAndPort.host))\(HostAndPort.optionalPort)\(rest)$"
  }

  /// That a plain address is of loopback, unless `allow_http` says otherwise.
  package static func demand(at key: String, rest: String? = nil) -> JSONLiteral {
    let secure = rest.map { pattern(rest: $0, isSecure: true) } ?? pattern(isSecure: true)
    return [
      "anyOf": [
        ["required": ["allow_http"], "properties": ["allow_http": ["const": true]]],
        ["properties": .object([.init(key, ["pattern": .text(secure)])])],
      ]
    ]
  }

  static let demand = demand(at: "url")
}

/// A host and the port behind it, as they stand in an address.
struct HostAndPort: Equatable {
  /// Regular expressions of what is taken.
  static let host = #"(?:\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]|(?!\.)(?![A-Za-z0-9_.-]*\.\.)[A-Za-z0-9_.-]+)"#
  static let loopback =
    #"(?:[Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]|\[::1\]|127(?:\.0*(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3})"#
  static let optionalPort =
    "(?::(?!0+(?![0-9]))(?:[0-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"

  /// A name, an IPv4 address, or an IPv6 address without brackets.
  let host: String
  /// 1 to 65535; nil if none is written.
  let port: Int?

  /// Parses `host`, `host:port`, `[IPv6]` or `[IPv6]:port`.
  init?(_ text: some StringProtocol) {
    let rest: Substring
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = String(text[text.index(after: text.startIndex)..<end])
      rest = Substring(text[text.index(after: end)...])
      guard host.contains(":"), host.utf8.allSatisfy({ "0123456789abcdefABCDEF:.".utf8.contains($0) }) else {
        return nil
      }
    } else {
      let end = text.firstIndex(of: ":") ?? text.endIndex
      host = String(text[..<end])
      rest = Substring(text[end...])
      guard host.utf8.allSatisfy(Self.mayStandInName), !host.isEmpty, !host.hasPrefix("."), !host.contains("..") else {
        return nil
      }
    }
    guard !rest.isEmpty else {
      port = nil
      return
    }
    guard rest.first == ":", rest.utf8.count <= 6, rest.utf8.dropFirst().allSatisfy({ $0.isDigit }),
      let number = Int(rest.dropFirst()), (1...65_535).contains(number)
    else { return nil }
    port = number
  }

  private static func mayStandInName(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || "-._".utf8.contains(byte)
  }

  /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `::1`.
  var isLoopback: Bool {
    if host.lowercased() == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { $0.utf8.allSatisfy { $0.isDigit } && UInt8($0) != nil }
  }
}

extension Shape<String> {
  /// An `http` or `https` address without a user name.
  static var webAddress: Shape {
    Shape(
      "address", pattern: WebAddress.pattern(), accepts: ["https://h.example.com/a?b=c#d"],
      refuses: [
        "h.example.com", "ftp://h.example.com", "https://", "https://u:p@h", "https://h/a b", "https://h/é",
        "https://h:0", "https://h:65536", "https://.h", "https://h..example", "http://h.example.com",
        "http://127.0.0.1.evil.com",
      ], encode: { .text($0) }, decode: { $0.string() }
    )
    .named("webAddress", "An http or https address without a user name.")
  }
}
