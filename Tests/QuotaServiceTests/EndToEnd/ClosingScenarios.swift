import Foundation
import QuotaCore
import Sandbox
import Synchronization
import TestSupport
import Testing

@testable import QuotaService

@Suite("Closing a month")
struct ClosingScenarios {
  private static let october = BillingMonth("2026-10")

  private static func options(force: Bool = false, only: [String] = []) throws -> CloseMonth.Options {
    var options = CloseMonth.Options(month: try #require(october), by: "accountant")
    options.force = force
    options.only = only
    return options
  }

  private static func refusal(_ body: () async throws -> Void) async -> ServiceError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? ServiceError
    }
  }

  @Test("reads it once more by name, freezes the values and proves them")
  func close() async throws {
    try await Installation.run(["acme", "globex"], at: "2026-11-05T12:00:00Z") { installation in
      installation.use(120, conversions: 12, in: "2026-10")
      let service = try installation.service(organizations: ["acme", "globex"])
      let report = try await service.close(Self.options())
      #expect(report.closed.map(\.entry.organization.rawValue) == ["acme", "globex"])
      #expect(report.closed.first?.closedMonth?.snapshot?.counters == Counters(pages: 120, conversions: 12))
      #expect(report.closed.first?.entry.actedBy == "accountant")
      #expect(report.closed.allSatisfy { $0.closedMonth?.forcedBecause == nil })
      // Late results were seen to be over, but not for a day.
      #expect(report.unsettled == 2)
      let asked = installation.sandbox.vendor.requests.entries.filter { $0.query == "year=2026&month=10" }
      #expect(asked.count == 2)

      let proof = try await service.verifyClosings()
      #expect(proof.problems == [])
      #expect(proof.entries == 2)
      #expect(proof.head == report.closed.last?.hash)
    }
  }

  @Test(
    "is of settled figures when the vendor's clock says so, too, whatever the fraction of the second",
    arguments: [
      ("2026-11-05T12:00:00Z", 0.0, 0), ("2026-11-01T12:00:00Z", 10 * 86_400.0, 1), ("2026-11-05T12:00:00Z", 60.0, 0),
    ])
  func settled(start: String, error: TimeInterval, unsettled: Int) async throws {
    try await Installation.run(at: start) { installation in
      installation.clockError.withLock { $0 = error }
      installation.use(120, in: "2026-10")
      _ = try await installation.service().collect(CollectUsage.Options())
      installation.advance(by: .milliseconds(25 * 3_600_000 + 700))
      #expect(try await installation.service().close(Self.options()).unsettled == unsettled)
    }
  }

  @Test("anybody can compute an entry's hash from its text")
  func hash() async throws {
    try await Installation.run(at: "2026-11-05T12:00:00Z") { installation in
      let service = try installation.service()
      let closing = try #require(try await service.close(Self.options()).closed.first)
      let file = installation.folder.appending(path: "closing.txt")
      try await Data(service.canonicalText(ofClosing: 1).utf8).write(to: file)
      let program = Foundation.Process()
      program.executableURL = URL(filePath: "/usr/bin/sha256sum")
      program.arguments = [file.path]
      let output = Pipe()
      program.standardOutput = output
      try program.run()
      program.waitUntilExit()
      let text = String(decoding: try output.fileHandleForReading.rest(), as: UTF8.self)
      #expect(text.hasPrefix(closing.hash))
    }
  }

  @Test("again changes nothing, and takes up organizations that were not closed")
  func again() async throws {
    try await Installation.run(["acme", "globex"], at: "2026-11-05T12:00:00Z") { installation in
      let service = try installation.service(organizations: ["acme", "globex"])
      let first = try await service.close(Self.options(only: ["globex"]))
      let second = try await service.close(Self.options())
      #expect(second.closed.map(\.entry.organization.rawValue) == ["acme"])
      #expect(second.alreadyClosed.map(\.rawValue) == ["globex"])
      let third = try await service.close(Self.options())
      #expect(third.closed.isEmpty)
      #expect(try await service.verifyClosings().entries == 2)
      #expect(second.closed.first?.previousHash == first.closed.first?.hash)
    }
  }

  @Test("is refused while the month runs, and forced it says so")
  func running() async throws {
    try await Installation.run(at: "2026-10-20T12:00:00Z") { installation in
      installation.use(70)
      let service = try installation.service()
      let error = await Self.refusal { _ = try await service.close(Self.options()) }
      #expect(error?.status == .refused)
      #expect(error?.lines.joined().contains("2026-11-01T00:00:00.000Z") == true)
      let report = try await service.close(Self.options(force: true))
      #expect(report.closed.first?.closedMonth?.snapshot?.counters.pages == 70)
      #expect(report.closed.first?.closedMonth?.forcedBecause?.contains("not over") == true)
    }
  }

  @Test("is refused while the vendor still counts it, whatever our clock says")
  func vendorBehind() async throws {
    try await Installation.run(at: "2026-11-01T00:10:00Z") { installation in
      installation.sandbox.vendor.now = installation.clock.date.addingTimeInterval(-1_200)
      let service = try installation.service()
      let error = await Self.refusal { _ = try await service.close(Self.options()) }
      #expect(error?.status == .refused)
      #expect(error?.lines.first?.contains("acme: the month is not over") == true)
    }
  }

  @Test("is refused for all when one cannot be read; forced it is closed without a reading")
  func unreadable() async throws {
    try await Installation.run(["acme", "globex"], at: "2026-11-05T12:00:00Z") { installation in
      let service = try installation.service(
        organizations: ["acme", "globex"], environment: ["KEY_globex": "key-that-nobody-has"])
      let error = await Self.refusal { _ = try await service.close(Self.options()) }
      #expect(error?.status == .refused)
      #expect(error?.lines.count == 2)
      #expect(error?.lines.first?.hasPrefix("globex: the last reading failed") == true)
      #expect(error?.lines.first?.contains("the month was never read") == true)
      #expect(try await service.closings().isEmpty)

      let report = try await service.close(Self.options(force: true))
      #expect(report.closed.count == 2)
      #expect(report.closed.first?.closedMonth?.forcedBecause == nil)
      #expect(report.closed.last?.closedMonth?.snapshot == nil)
      #expect(report.closed.last?.closedMonth?.forcedBecause?.contains("never read") == true)
      #expect(try await service.verifyClosings().problems == [])
    }
  }

  @Test("keeps what the vendor says later beside the closed values")
  func postCloseChange() async throws {
    try await Installation.run(at: "2026-11-05T12:00:00Z") { installation in
      installation.use(120, conversions: 12, in: "2026-10")
      let service = try installation.service()
      _ = try await service.close(Self.options())
      installation.advance(by: .seconds(7_200))
      installation.use(125, conversions: 12, in: "2026-10")
      _ = try await service.collect(CollectUsage.Options())
      let listed = try #require(try await service.closings().first)
      #expect(listed.holds)
      #expect(listed.closing.closedMonth?.snapshot?.counters.pages == 120)
      #expect(listed.postCloseChange?.change(of: .pages) == 5)
      #expect(listed.postCloseChange?.change(of: .conversions) == 0)
      #expect(try await service.verifyClosings().problems == [])
    }
  }

  @Test("is undone with a reason, and both stay in the journal")
  func reopen() async throws {
    try await Installation.run(at: "2026-11-05T12:00:00Z") { installation in
      let service = try installation.service()
      let october = try #require(Self.october)
      let early = await Self.refusal {
        _ = try await service.reopen(october, organizations: [], reason: "too early", by: "ops")
      }
      #expect(early?.status == .usage)
      _ = try await service.close(Self.options())
      let added = try await service.reopen(october, organizations: ["acme"], reason: "the vendor erred", by: "ops")
      #expect(added.map(\.sequence) == [2])
      let second = await Self.refusal {
        _ = try await service.reopen(october, organizations: ["acme"], reason: "again", by: "ops")
      }
      #expect(second?.status == .usage)
      let again = try await service.close(Self.options())
      #expect(again.closed.map(\.sequence) == [3])
      let listed = try await service.closings(months: october...october, organizations: ["acme"])
      #expect(listed.map(\.holds) == [false, false, true])
      #expect(try await service.verifyClosings().problems == [])
    }
  }

  @Test("can be undone for an organization that is not configured any more")
  func reopenRemoved() async throws {
    try await Installation.run(["acme", "globex"], at: "2026-11-05T12:00:00Z") { installation in
      _ = try await installation.service(organizations: ["acme", "globex"]).close(Self.options())
      let october = try #require(Self.october)
      let service = try installation.service(organizations: ["globex"])
      let named = try await service.reopen(october, organizations: ["acme"], reason: "the vendor erred", by: "ops")
      #expect(named.map(\.entry.organization.rawValue) == ["acme"])
      _ = try await installation.service(organizations: ["acme", "globex"]).close(Self.options())
      let all = try await service.reopen(october, organizations: [], reason: "again", by: "ops")
      #expect(all.map(\.entry.organization.rawValue) == ["acme", "globex"])
    }
  }

  @Test("judges the last reading like any other, so that nothing is lost that it brings")
  func judged() async throws {
    try await Installation.run(at: "2026-11-01T01:00:00Z") { installation in
      installation.use(40, in: "2026-10")
      let service = try installation.service()
      _ = try await service.collect(CollectUsage.Options())
      installation.advance(by: .seconds(5 * 86_400))
      installation.use(101, in: "2026-10")
      _ = try await service.close(Self.options())
      _ = try await service.collect(CollectUsage.Options())
      #expect(
        try installation.webhooks.map(\.summary) == [
          "alert.firing pages-quota acme 2026-10 100% [50% 80% 100%]"
        ])
    }
  }

  private static let corrections =
    #"[{ "id": "corrections", "type": "correction", "notify": ["hook"] }]"#

  @Test("has a later reading told by a correction rule, with the closed values and the new ones, each change once")
  func corrected() async throws {
    try await Installation.run(at: "2026-11-05T12:00:00Z") { installation in
      installation.use(120, conversions: 12, in: "2026-10")
      let service = try installation.service(rules: Self.corrections)
      _ = try await service.close(Self.options())
      // Not settled, and yet final: closing is what counts.
      installation.advance(by: .seconds(7_200))
      installation.use(125, conversions: 12, in: "2026-10")
      _ = try await service.collect(CollectUsage.Options())
      installation.advance(by: .seconds(7_200))
      _ = try await service.collect(CollectUsage.Options())
      installation.advance(by: .seconds(7_200))
      installation.use(120, conversions: 12, in: "2026-10")
      _ = try await service.collect(CollectUsage.Options())
      let told = try installation.webhooks
      #expect(told.map(\.data.month) == ["2026-10", "2026-10"])
      #expect(
        told.map(\.data.reason) == [
          "pages of 2026-10 went up from 120 to 125 after the month was closed",
          "pages of 2026-10 went down from 125 to 120; the month was closed with 120",
        ])
      #expect(told.map(\.data.used) == [125, 120])
      #expect(try await service.verifyClosings().problems == [])
    }
  }

  @Test("of long ago that is asked for again and differs is told, too")
  func correctedLater() async throws {
    try await Installation.run(at: "2026-11-05T12:00:00Z") { installation in
      installation.use(120, in: "2026-10")
      let service = try installation.service(rules: Self.corrections)
      _ = try await service.close(Self.options())
      installation.advance(by: .seconds(150 * 86_400))
      _ = try await service.collect(CollectUsage.Options())
      installation.use(90, in: "2026-10")
      let october = try #require(Self.october)
      var options = Backfill.Options(months: october...october)
      options.refresh = true
      _ = try await service.backfill(options)
      _ = try await service.backfill(options)
      _ = try await service.collect(CollectUsage.Options())
      #expect(
        try installation.webhooks.map(\.data.reason) == [
          "pages of 2026-10 went down from 120 to 90 after the month was closed"
        ])
      let listed = try #require(try await service.closings().first)
      #expect(listed.postCloseChange?.change(of: .pages) == -30)
    }
  }

  @Test("that is open again is told of only when it goes down or was settled")
  func reopenedIsNoCorrection() async throws {
    try await Installation.run(at: "2026-11-03T12:00:00Z") { installation in
      installation.use(120, in: "2026-10")
      let service = try installation.service(rules: Self.corrections)
      _ = try await service.close(Self.options())
      _ = try await service.reopen(try #require(Self.october), organizations: [], reason: "too early", by: "ops")
      installation.advance(by: .seconds(7_200))
      installation.use(125, in: "2026-10")
      _ = try await service.collect(CollectUsage.Options())
      #expect(try installation.webhooks.isEmpty)
    }
  }
}
