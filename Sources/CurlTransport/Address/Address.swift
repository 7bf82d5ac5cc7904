import CLibcurl
import QuotaCore

/// Where a transfer goes, as libcurl itself has parsed it: what is checked here is what is contacted.
///
/// Several transfers may share one: libcurl only reads it, and nothing changes once it is made.
final class Address: @unchecked Sendable {
  let handle: OpaquePointer
  /// In lower case.
  private(set) var scheme = ""
  /// Without the brackets of IPv6. The only part of an address that messages may name.
  private(set) var host = ""
  /// Nil where the transfer goes straight to the host, as to loopback always.
  var proxy: Proxy? { isLoopback ? nil : proxies.proxy(to: host, port: port, scheme: scheme) }
  var isLoopback: Bool { Loopback.contains(host) }
  /// The scheme's own where the address has none.
  private var port = 0
  private let proxies: Proxies
  /// What it was made of, if it is a request's.
  private let request: (url: Secret, allowsPlainHTTP: Bool)?
  /// Who is trusted unless somebody else is named: a file, or the system's for nil.
  var authorities: String? { proxies.authorities }

  /// The address of a request.
  init(_ url: Secret, allowsPlainHTTP: Bool, _ proxies: Proxies) throws(TransportError) {
    self.proxies = proxies
    request = (url, allowsPlainHTTP)
    handle = try Self.empty()
    let text = url.reveal()
    guard HeaderText.isPrintable(text) else {
      throw .refused("an address holds spaces, line breaks or other control characters")
    }
    switch curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER)) {
    case CURLUE_OK: break
    case CURLUE_USER_NOT_ALLOWED:
      throw .refused("an address holds a user name or password, which is not allowed; use a header")
    default: throw Self.malformed
    }
    try readParts()
    // libcurl takes any number of slashes and would take the path's beginning for the host.
    let rest = text.dropFirst(scheme.count)
    guard rest.hasPrefix("://"), !rest.hasPrefix(":///") else { throw Self.malformed }
    switch scheme {
    case "https": break
    case "http":
      guard isLoopback || allowsPlainHTTP else {
        throw .refused("plain http to \(host) is not allowed, as it is not loopback; use https")
      }
    default: throw .refused("an address is neither https nor http")
    }
  }

  /// The address of a mail server.
  init(_ server: MailServer, _ proxies: Proxies) throws(TransportError) {
    self.proxies = proxies
    request = nil
    handle = try Self.empty()
    let name = server.host.contains(":") ? "[\(server.host)]" : server.host
    guard HeaderText.isPrintable(server.host), (1...65_535).contains(server.port),
      curl_url_set(handle, CURLUPART_SCHEME, server.security == .tls ? "smtps" : "smtp", 0) == CURLUE_OK,
      curl_url_set(handle, CURLUPART_HOST, name, 0) == CURLUE_OK,
      curl_url_set(handle, CURLUPART_PORT, "\(server.port)", 0) == CURLUE_OK,
      // libcurl introduces itself by the path.
      server.ehlo.map({ curl_url_set(handle, CURLUPART_PATH, "/\($0)", 0) == CURLUE_OK }) ?? true
    else { throw .refused("the mail server's host or port is malformed") }
    try readParts()
    guard server.security != .plain || isLoopback || server.allowsPlain else {
      throw .refused("plain smtp to \(host) is not allowed, as it is not loopback; use smtp+starttls or smtps")
    }
  }

  deinit {
    curl_url_cleanup(handle)
  }

  /// Whether it is what a request's address says.
  func isOf(_ url: Secret, allowsPlainHTTP: Bool) -> Bool {
    request.map { $0.url == url && $0.allowsPlainHTTP == allowsPlainHTTP } ?? false
  }

  private static let malformed = TransportError.refused(
    "an address is malformed; it should look like https://host/path")

  private static func empty() throws(TransportError) -> OpaquePointer {
    guard let handle = curl_url() else { throw .disconnected("libcurl is out of memory") }
    return handle
  }

  private func readParts() throws(TransportError) {
    scheme = try part(CURLUPART_SCHEME).lowercased()
    host = try part(CURLUPART_HOST)
    port = (try? part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT))).flatMap { Int($0) } ?? 0
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
  }

  private func part(_ part: CURLUPart, _ flags: UInt32 = 0) throws(TransportError) -> String {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else {
      throw Self.malformed
    }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
