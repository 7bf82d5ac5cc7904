import Foundation
import QuotaCore
import TestSupport
import Testing

@testable import QuotaService

@Suite("docs/closing.md")
struct ClosingDocumentationTests {
  /// The journal of the example.
  private static var journal: [Closing] {
    let organization = OrganizationID("acme")
    let month = billingMonth("2026-10")
    let snapshot = ClosedSnapshot(
      id: 17, counters: Counters(pages: 12_345, conversions: 89), firstSeenAt: moment("2026-11-01T00:15"),
      lastSeenAt: moment("2026-11-05T08:00"))
    let close = ClosingEntry(
      organization: organization, month: month, timeZone: "UTC",
      action: .close(
        ClosedMonth(
          snapshot: snapshot, quota: Quota(pages: 10_000), isSettled: true, plan: "growth", planVersion: "2026-01-01",
          forcedBecause: nil)),
      actedAt: moment("2026-11-05T08:00").addingTimeInterval(1.25), actedBy: "A. Accountant")
    let reopen = ClosingEntry(
      organization: organization, month: month, timeZone: "UTC",
      action: .reopen(reason: #"corrected on request, see C:\mail"#), actedAt: moment("2026-11-06T09:00"),
      actedBy: "A. Accountant")
    let first = Closing(close, after: nil, hash: ContentDigest.sha256)
    return [first, Closing(reopen, after: first, hash: ContentDigest.sha256)]
  }

  private static func text() throws -> String {
    String(decoding: try Project.text(of: "docs/closing.md"), as: UTF8.self)
  }

  @Test("shows the texts of a journal as they are hashed, and their hashes")
  func canonicalTexts() throws {
    let text = try Self.text()
    let blocks = text.components(separatedBy: "```text\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    #expect(blocks == Self.journal.map(\.canonicalText))
    for closing in Self.journal { #expect(text.contains("Its hash is `\(closing.hash)`")) }
  }

  @Test("explains every field of the text")
  func fields() throws {
    let text = try Self.text()
    for line in Self.journal[0].canonicalText.split(separator: "\n").dropFirst() {
      let name = line.prefix { $0 != ":" }
      #expect(text.contains("| `\(name)`") || text.contains(", `\(name)`"), "\(name)")
    }
  }
}
