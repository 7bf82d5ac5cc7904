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

/// Which proxy leads where, by the variables of the environment that curl looks at.
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
    variables = names.reduce(into: [:]) { found, name in
      if let value = variable(name), !value.isEmpty { found[name] = value }
    }
  }

  /// The proxy to a host; nil for none.
  func proxy(to host: String, scheme: String) -> Proxy? {
    guard let text = value(scheme) ?? value("all"), !isExcepted(host) else { return nil }
    return Proxy(text)
  }

  private func value(_ scheme: String) -> String? {
    variables["\(scheme)_proxy"] ?? variables["\(scheme.uppercased())_PROXY"]
  }

  /// Whether `no_proxy` names a host: itself, a domain that it is in, or a network that its address is in.
  private func isExcepted(_ host: String) -> Bool {
    guard let list = value("no") else { return false }
    if list == "*" { return true }
    let entries = list.split { $0 == "," || $0 == " " || $0 == "\t" }
    if let address = IPAddress(host) { return entries.contains { address.isIn($0) } }
    let name = Self.name(host[...])
    return entries.contains { entry in
      let domain = Self.name(entry.first == "." ? entry.dropFirst() : entry)
      return !domain.isEmpty && (name == domain || name.hasSuffix("." + domain))
    }
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
