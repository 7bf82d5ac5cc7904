import FoundationEssentials
import QuotaCore
import Synchronization
import TestSupport
import Testing

@testable import QuotaService

@Suite("Polling")
struct PollerTests {
  /// Answers for everybody but the first organization, for which there is an answer only when nobody waits any more.
  private struct HangingSource: UsageSource {
    let deadlines: Deadlines

    func currentTime() async -> Date? { nil }

    func reading(
      of organization: OrganizationID, month: BillingMonth?, key: Secret
    ) async throws(ReadingFailure) -> Reading {
      if organization.rawValue == "org-0" {
        deadlines.pass()
        try? await Task.sleep(for: .seconds(3_600))
        throw ReadingFailure(.deadline, "cancelled")
      }
      guard let november = BillingMonth("2026-11") else { throw ReadingFailure(.invalidAnswer, "no month") }
      return Reading(organization: organization, month: november, counters: .zero, observedAt: .now)
    }
  }

  @Test("breaks off what is under way when the run's time is over, and says so")
  func brokenOff() async throws {
    let organizations = (0..<3).map {
      ConfiguredOrganization(organization: Organization(id: OrganizationID("org-\($0)")), apiKey: .environment("KEY"))
    }
    let deadlines = Deadlines()
    let poller = Poller(
      organizations: organizations, source: HangingSource(deadlines: deadlines), secrets: FixedSecrets(["KEY": "key"]),
      clock: ContinuousClock(),
      deadline: { _ in try await deadlines.wait() }, now: { .now }, random: { 0.5 }, maximumConcurrency: 2)
    let results = Mutex<[OrganizationID: ReadingFailure?]>([:])
    _ = try await poller.run(
      organizations.indices.map { PollJob(organization: $0) },
      policy: PollSchedule.Policy(requestsPerSecond: 1_000, retries: 3, deadline: 3_600), followUps: { _, _ in [] }
    ) { result in
      results.withLock { $0[result.organization.organization.id] = .some(result.failure) }
    }
    let failures = results.withLock { $0 }
    #expect(failures.count == 3)
    let failure = try #require(failures[OrganizationID("org-0")] ?? nil)
    #expect(failure == ReadingFailure(.deadline, "the run's time was over before the vendor had answered"))
  }
}
