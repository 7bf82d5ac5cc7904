import Foundation

/// An HTTPS server on loopback that answers every request alike (`scripts/https_server.py`).
package final class HTTPSServer: Sendable {
  private struct Settings: Encodable {
    let certificate: String
    let key: String
    let maximum: String?
    let answer: String
  }

  package struct Request: Decodable, Sendable {
    package let path: String
    /// The client's port, which tells connections apart.
    package let connection: Int
    /// Such as `TLSv1.3`.
    package let version: String
    package let body: String
  }

  private let server: PythonServer
  package var port: Int { server.port }

  /// - Parameters:
  ///   - newestVersion: the newest version that the server speaks, such as `TLSv1_1`.
  ///   - answer: the body of every answer.
  package init(
    _ certificate: TestCertificateAuthority.Certificate, newestVersion: String? = nil, answer: String = "ok"
  ) async throws {
    server = try await PythonServer(
      "https_server.py",
      Settings(certificate: certificate.certificate, key: certificate.key, maximum: newestVersion, answer: answer))
  }

  /// The requests that have come, once there are so many.
  package func requests(atLeast count: Int = 0) async throws -> [Request] {
    try await server.lines(atLeast: count).map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
  }
}

/// nginx on loopback, with HTTP/2 over TLS if it is given a certificate. Each answer is a line with the connection's
/// number, the number of the request on it, and the protocol, such as `3 17 HTTP/2.0`.
package final class NginxServer: Sendable {
  private struct Settings: Encodable {
    let certificate: String?
    let key: String?
  }

  private let server: PythonServer
  package var port: Int { server.port }

  package init(_ certificate: TestCertificateAuthority.Certificate? = nil) async throws {
    server = try await PythonServer(
      "nginx_server.py", Settings(certificate: certificate?.certificate, key: certificate?.key))
  }
}
