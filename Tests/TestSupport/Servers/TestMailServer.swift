package import Foundation

/// A mail server on loopback that keeps what it is given (`scripts/smtp_server.py`, on aiosmtpd).
package final class TestMailServer: Sendable {
  package enum Security: String, Encodable, Sendable {
    case none
    /// Required.
    case startTLS = "starttls"
    case implicit
  }

  private struct Settings: Encodable {
    let tls: Security
    let certificate: String?
    let key: String?
    let username: String?
    let password: String?
    let refused: [String]
    let failures: Int
  }

  private let server: PythonServer
  package var port: Int { server.port }

  /// - Parameters:
  ///   - certificate: needed unless there is no TLS.
  ///   - login: a user name and a password that are then required.
  ///   - refused: recipients that are answered with 550.
  ///   - failures: how many messages are answered with 451 before one is taken.
  package init(
    _ security: Security = .none, certificate: TestCertificateAuthority.Certificate? = nil,
    login: (username: String, password: String)? = nil, refusing refused: [String] = [], failures: Int = 0
  ) async throws {
    server = try await PythonServer(
      "smtp_server.py",
      Settings(
        tls: security, certificate: certificate?.certificate, key: certificate?.key, username: login?.username,
        password: login?.password, refused: refused, failures: failures))
  }

  /// The mails that it has taken, once there are so many.
  package func mails(atLeast count: Int) async throws -> [CapturedMail] {
    try await server.lines(atLeast: count).map { try JSONDecoder().decode(CapturedMail.self, from: Data($0.utf8)) }
  }
}

/// A mail that a ``TestMailServer`` has taken, as it came and as Python's parser reads it.
package struct CapturedMail: Decodable, Sendable {
  /// The sender and the recipients of the envelope.
  package let sender: String
  package let recipients: [String]
  /// Whether the connection was encrypted when the message came.
  package let encrypted: Bool
  /// Who had logged in.
  package let login: String?
  /// The message as it came, without dot-stuffing.
  package let data: Data
  /// Pairs of a name in lower case and a decoded value.
  package let headers: [[String]]
  /// Pairs of a decoded name and an address.
  package let from: [[String]]
  package let to: [[String]]
  /// The media types of the message and its parts.
  package let types: [String]
  package let text: String
  package let html: String
  /// What the parser found wrong.
  package let defects: [String]

  /// A header's decoded values, by its name in lower case.
  package func header(_ name: String) -> [String] { headers.filter { $0.first == name }.compactMap(\.last) }
}
