import QuotaCore

/// The address of a mail server: `smtp+starttls://HOST[:PORT]`, `smtps://HOST[:PORT]` or `smtp://HOST[:PORT]`.
struct MailAddress: Equatable {
  let security: MailServer.Security
  let host: String
  /// As written, otherwise 587, 465 and 25 in turn.
  let port: Int
  let isLoopback: Bool

  init?(_ text: String) {
    guard let separator = text.firstRange(of: "://"),
      let security = MailServer.Security(rawValue: String(text[..<separator.lowerBound])),
      let place = HostAndPort(text[separator.upperBound...])
    else { return nil }
    self.security = security
    host = place.host
    isLoopback = place.isLoopback
    let usual =
      switch security {
      case .startTLS: 587
      case .tls: 465
      case .plain: 25
      }
    port = place.port ?? usual
  }

  /// Why a text cannot be used as a mail server's address, and what to do; nil if it can. The text is not repeated.
  static func problem(in text: String, allowsPlain: Bool) -> String? {
    guard let address = MailAddress(text) else {
      return "expected \"smtp+starttls://HOST:PORT\" or \"smtps://HOST:PORT\", without a user name or path"
    }
    guard address.security != .plain || address.isLoopback || allowsPlain else {
      return
        "plain smtp is for loopback only; use smtp+starttls or smtps, or set \"allow_plain\": true if the network is trusted"
    }
    return nil
  }
}
