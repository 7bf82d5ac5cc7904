import Glibc
import QuotaCore

/// A proxy that transfers go through.
struct Proxy: Sendable, Equatable {
  /// As the environment has it; it may hold a user and a password.
  let address: Secret
  /// Host and port alone, for messages.
  let name: String
  /// Whether it speaks HTTP, rather than SOCKS.
  let isHTTP: Bool

  init(_ text: String) {
    address = Secret(text)
    let scheme = text.firstRange(of: "://")
    isHTTP = scheme.map { text[..<$0.lowerBound].lowercased().hasPrefix("http") } ?? true
    let place = text[(scheme?.upperBound ?? text.startIndex)...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    name = ForeignText.line(
      String(place.lastIndex(of: "@").map { place[place.index(after: $0)...] } ?? place), limit: 100)
  }
}

/// Which proxy leads where, and who is trusted, by the variables of the environment that curl looks at.
///
/// They are read here rather than by libcurl, so that it is known of a transfer that fails whether it went through a proxy.
struct Proxies: Sendable {
  private let variables: [String: String]

  /// What the process was started with.
  static let environment = Proxies { name in getenv(name).map { String(cString: $0) } }

  init(variable: (String) -> String?) {
    let schemes = ["https", "http", "smtp", "smtps", "all", "no"]
    // `HTTP_PROXY` is left out: a web server sets it for its programs to what a visitor has sent.
    let names = schemes.flatMap { ["\($0)_proxy", "\($0.uppercased())_PROXY"] }.filter { $0 != "HTTP_PROXY" }
    authorities = variable("SSL_CERT_FILE").flatMap { $0.isEmpty ? nil : $0 }
    variables = names.reduce(into: [:]) { found, name in
      if let value = variable(name), !value.isEmpty { found[name] = value }
    }
  }

  /// The file of certificate authorities (PEM) that OpenSSL's programs trust instead of the system's; nil where none is set.
  ///
  /// libcurl leaves this variable to its callers.
  let authorities: String?

  /// The proxy to a host; nil for none.
  ///
  /// - Parameter port: where it is not known, entries of `no_proxy` with a port except nothing.
  func proxy(to host: String, port: Int? = nil, scheme: String) -> Proxy? {
    guard let text = value(scheme) ?? value("all"), !isExcepted(host, port) else { return nil }
    return Proxy(text)
  }

  private func value(_ scheme: String) -> String? {
    variables["\(scheme)_proxy"] ?? variables["\(scheme.uppercased())_PROXY"]
  }

  /// Whether `no_proxy` names a host: itself, a domain that it is in (`x.example`, `.x.example`, `*.x.example`), or a network
  /// that its address is in; each may have a port behind it.
  private func isExcepted(_ host: String, _ port: Int?) -> Bool {
    guard let list = value("no") else { return false }
    let entries = list.split { $0 == "," || $0 == " " || $0 == "\t" }.compactMap { Self.entry($0, port) }
    if entries.contains("*") { return true }
    if let address = IPAddress(host) { return entries.contains { address.isIn($0) } }
    let name = Self.name(host[...])
    return entries.contains { entry in
      let domain = Self.name(
        entry.hasPrefix("*.") ? entry.dropFirst(2) : entry.first == "." ? entry.dropFirst() : entry)
      return !domain.isEmpty && (name == domain || name.hasSuffix("." + domain))
    }
  }

  /// An entry without its port; nil if that is another one.
  private static func entry(_ text: Substring, _ port: Int?) -> Substring? {
    // More than one colon is an IPv6 address, unless it is in brackets.
    guard let colon = text.lastIndex(of: ":"), text.last != "]",
      text.first == "[" || !text[..<colon].contains(":"), let number = Int(text[text.index(after: colon)...])
    else { return text }
    return number == port ? text[..<colon] : nil
  }

  private static func name(_ text: Substring) -> String {
    (text.last == "." ? text.dropLast() : text).lowercased()
  }
}

/// An IPv4 or IPv6 address.
private struct IPAddress {
  private let bytes: [UInt8]

  init?(_ text: some StringProtocol) {
    var bytes = [UInt8](repeating: 0, count: 16)
    let plain = text.first == "[" && text.last == "]" ? String(text.dropFirst().dropLast()) : String(text)
    if inet_pton(AF_INET, plain, &bytes) == 1 {
      self.bytes = Array(bytes.prefix(4))
    } else if inet_pton(AF_INET6, plain, &bytes) == 1 {
      self.bytes = bytes
    } else {
      return nil
    }
  }

  /// Whether it is an address, or in a network such as `10.0.0.0/8`.
  func isIn(_ text: Substring) -> Bool {
    let parts = text.split(separator: "/", maxSplits: 1)
    guard let first = parts.first, let network = IPAddress(first), network.bytes.count == bytes.count else {
      return false
    }
    guard parts.count == 2 else { return bytes == network.bytes }
    guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return false }
    return bytes.indices.allSatisfy { index in
      let covered = min(8, max(0, bits - index * 8))
      return (bytes[index] ^ network.bytes[index]) >> (8 - covered) == 0
    }
  }
}
