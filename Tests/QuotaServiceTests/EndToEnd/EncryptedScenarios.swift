import Foundation
import QuotaCore
import TestSupport
import Testing

@testable import QuotaService

@Suite("A cycle over encrypted connections")
struct EncryptedScenarios {
  static let answer = #"{"year": 2026, "month": 11, "successful_pages": 85, "successful_conversions": 0}"#

  @Test("polls over TLS, posts over TLS, and mails over STARTTLS with a login, all under a private authority")
  func everything() async throws {
    let authority = try TestCertificateAuthority()
    let vendor = try await HTTPSServer(authority.valid, answer: Self.answer)
    let hook = try await HTTPSServer(authority.valid)
    let mail = try await TestMailServer(
      .startTLS, certificate: authority.valid, login: ("quotawatch", "correct horse"),
      refusing: ["gone@example.com"])
    try await Installation.run { installation in
      let report = try await Self.service(installation, authority.caFile, vendor, hook, mail)
        .collect(CollectUsage.Options())
      #expect(report.summary.read == 1)
      #expect(report.summary.delivered == 2)
    }
    #expect(try await vendor.requests().first?.path == "/api/usage")
    let posted = try await hook.requests(atLeast: 1)
    #expect(posted.first?.body.contains("alert.firing") == true)
    let mails = try await mail.mails(atLeast: 1)
    #expect(mails.first?.login == "quotawatch")
    #expect(mails.first?.encrypted == true)
    #expect(mails.first?.recipients == ["finance@example.com"])
  }

  @Test("trusts no other authority, and tells nothing to whom it does not trust")
  func stranger() async throws {
    let authority = try TestCertificateAuthority()
    let vendor = try await HTTPSServer(authority.valid, answer: Self.answer)
    let hook = try await HTTPSServer(authority.valid)
    let mail = try await TestMailServer(.startTLS, certificate: authority.valid)
    try await Installation.run { installation in
      let report = try await Self.service(installation, authority.strangersFile, vendor, hook, mail)
        .collect(CollectUsage.Options())
      #expect(report.entries.map(\.failure?.reason) == [.unreachable])
    }
    #expect(try await vendor.requests().isEmpty)
  }

  private static func service(
    _ installation: Installation, _ caFile: String, _ vendor: HTTPSServer, _ hook: HTTPSServer,
    _ mail: TestMailServer
  ) throws -> Setup {
    let rules = #"""
      [{ "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [80], "notify": ["hook", "mail"] }]
      """#
    let notifiers = """
      { "hook": { "type": "webhook", "url": "https://localhost:\(hook.port)/x", "secret": { "env": "HOOK_SECRET" },
                  "ca_file": "\(caFile)" },
        "mail": { "type": "email", "url": "smtp+starttls://localhost:\(mail.port)", "username": "quotawatch",
                  "password": { "env": "PASSWORD" }, "from": "Quota Watch <q@example.com>",
                  "to": ["finance@example.com", "gone@example.com"], "ca_file": "\(caFile)" } }
      """
    return try installation.service(
      rules: rules, notifiers: notifiers,
      api: #""base_url": "https://localhost:\#(vendor.port)", "ca_file": "\#(caFile)", "retries": 0"#,
      environment: ["PASSWORD": "correct horse"])
  }
}
