import QuotaCore

/// What answers instead of the vendor, or keeps us from it, whatever status it bears: it says nothing about the key.
///
/// The vendor refuses a key by 401 or 403 with JSON that has a text in `error` or `message`. Anything else with these
/// statuses comes from a proxy, a firewall or a login page, or is a limit in other words.
enum Obstacle {
  case gateway(String)
  case limit(String)

  /// Nil for an answer of the vendor's own.
  init?(_ response: TransportResponse, _ error: ErrorAnswer) {
    let status = response.status
    switch status {
    case 401, 403:
      if Self.speaksOfLimit(response) {
        self = .limit("a limit refuses the request, which says nothing about the key (HTTP \(status))\(error.said)")
      } else if let scheme = Self.login(response) {
        self = Self.gateway("a request to log in by \(scheme)", status)
      } else if error.text == nil {
        self = Self.gateway(Self.kind(of: response.body), status)
      } else {
        return nil
      }
    case 407, 511: self = Self.gateway("a request to log in at a proxy", status)
    case 300...399: self = Self.gateway("a redirect", status, ", which is not followed,")
    case 408, 425, 429, 500...599: return nil
    default:
      guard Self.isWebPage(response.body) else { return nil }
      self = Self.gateway(Self.kind(of: response.body), status)
    }
  }

  /// Words for what is not the vendor's, such as `a web page`.
  static func words(_ what: String, _ status: Int, _ aside: String = "") -> String {
    "\(what) (HTTP \(status))\(aside) answers instead of the vendor: a proxy, a firewall or a login page in between, or a "
      + "wrong base URL"
  }

  private static func gateway(_ what: String, _ status: Int, _ aside: String = "") -> Obstacle {
    .gateway(words(what, status, aside))
  }

  static let webPage = "a web page instead of JSON"

  private static func kind(of body: [UInt8]) -> String {
    if isWebPage(body) { return webPage }
    return start(of: body) == nil ? "an empty answer" : "something that is not the vendor's JSON"
  }

  static func isWebPage(_ body: [UInt8]) -> Bool { start(of: body) == UInt8(ascii: "<") }

  /// The first byte that is neither blank nor a byte order mark.
  private static func start(of body: [UInt8]) -> UInt8? {
    body.first { !" \t\r\n".utf8.contains($0) && ![0xEF, 0xBB, 0xBF].contains($0) }
  }

  /// The scheme by which something asks for a login that is not the vendor's, whose keys are `Bearer` tokens.
  private static func login(_ response: TransportResponse) -> String? {
    let challenges = response.headers.filter { $0.name == "www-authenticate" || $0.name == "proxy-authenticate" }
    let words = challenges.flatMap { $0.value.split(separator: ",") }.compactMap { $0.split(separator: " ").first }
    return ["Basic", "Digest", "Negotiate", "NTLM", "Kerberos"].first { scheme in
      words.contains { $0.lowercased() == scheme.lowercased() }
    }
  }

  /// Whether a refusal is one of a rate or quota, by its headers or by what it says.
  private static func speaksOfLimit(_ response: TransportResponse) -> Bool {
    let isSpent = ["x-ratelimit-remaining", "ratelimit-remaining"].contains { response.header($0) == "0" }
    if response.status == 403, isSpent || response.header("retry-after") != nil { return true }
    let text = String(decoding: response.body.prefix(longestText), as: UTF8.self).lowercased()
    let words = text.split { !$0.isLetter }
    let spaced = words.joined(separator: " ")
    return phrases.contains { spaced.contains($0) } || words.contains { $0.hasPrefix("quota") && $0 != "quotation" }
  }

  private static let phrases = [
    "rate limit", "ratelimit", "rate is limited", "too many requests", "toomanyrequests", "throttl", "limit exceeded",
    "limitexceeded", "limit reached", "exceeded the limit", "exceeded your", "usage limit", "request limit",
  ]
  private static let longestText = 64 << 10
}
