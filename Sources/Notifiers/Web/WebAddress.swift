import QuotaCore

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
  static func host(of text: String) -> String? {
    guard let slashes = text.utf8.firstRange(of: "//".utf8) else { return nil }
    let scheme = text[..<slashes.lowerBound]
    guard scheme.isEmpty || scheme.last == ":" && scheme.utf8.dropLast().allSatisfy(\.isAlphanumeric) else {
      return nil
    }
    let authority = text[slashes.upperBound...].prefix { !"/?#\\".contains($0) }
    return HostAndPort(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "")?.host
  }

  private static let expectation = "expected an address such as \"https://hooks.example.com/path\""
}

/// A host and the port behind it, as they stand in an address.
struct HostAndPort: Equatable {
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
