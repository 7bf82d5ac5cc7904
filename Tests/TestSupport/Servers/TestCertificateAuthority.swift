import Foundation

/// A certificate authority with the certificates of servers on loopback, in a temporary directory of its own.
package final class TestCertificateAuthority: Sendable {
  /// A server's certificate and key, both as paths of PEM files.
  package struct Certificate: Sendable {
    package let certificate: String
    package let key: String
  }

  private let directory: URL

  package init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("quotawatch-ca-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [PythonServer.path(of: "certificates.sh"), directory.path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ServerError("openssl cannot make certificates") }
  }

  deinit {
    try? FileManager.default.removeItem(at: directory)
  }

  /// The authority's own certificate: what a client has to trust.
  package var caFile: String { path("authority.pem") }
  /// An authority that has signed none of the certificates.
  package var strangersFile: String { path("stranger.pem") }
  /// For `localhost`, `127.0.0.1` and `::1`.
  package var valid: Certificate { certificate("valid") }
  package var expired: Certificate { certificate("expired") }
  /// For `elsewhere.example`.
  package var elsewhere: Certificate { certificate("elsewhere") }

  private func certificate(_ name: String) -> Certificate {
    Certificate(certificate: path("\(name).pem"), key: path("\(name).key"))
  }

  private func path(_ name: String) -> String { directory.appendingPathComponent(name).path }
}
