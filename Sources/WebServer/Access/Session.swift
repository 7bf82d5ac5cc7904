import FoundationEssentials
import HTTPTypes
import Hummingbird

/// The token that a person has signed in with, which their browser shows in a cookie: no page's script can read it, and no other
/// server's page can make a browser show it.
enum Session {
  private static let name = "quotawatch_session"
  /// In seconds; the token may end before.
  private static let life = 30 * 86_400

  static func token(in request: Request) -> String? {
    for field in request.headers[values: .cookie] {
      for part in field.split(separator: ";") {
        let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
        guard pair.count == 2, pair[0] == name, let data = Data(base64Encoded: String(pair[1])) else { continue }
        return String(validating: data, as: UTF8.self)
      }
    }
    return nil
  }

  /// What makes a browser show the token from now on.
  ///
  /// - Parameter isSecure: over TLS alone.
  static func beginning(with token: String, isSecure: Bool) -> String {
    cookie(Data(token.utf8).base64EncodedString(), life, isSecure)
  }

  /// What makes it show nothing any more.
  static func end(isSecure: Bool) -> String { cookie("", 0, isSecure) }

  private static func cookie(_ value: String, _ life: Int, _ isSecure: Bool) -> String {
    "\(name)=\(value); Path=/; Max-Age=\(life); HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
  }
}
