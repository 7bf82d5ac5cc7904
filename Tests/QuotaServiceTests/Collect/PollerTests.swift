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
    func reading(
      of organization: OrganizationID, month: BillingMonth?, key: Secret
    ) async throws(ReadingFailure) -> Reading {
      if organization.rawValue == "org-0" {
        try? await Task.sleep(for: .seconds(600))
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
    let poller = Poller(
      organizations: organizations, source: HangingSource(), secrets: FixedSecrets(["KEY": "key"]),
      clock: ContinuousClock(),
      now: { .now }, random: { 0.5 }, maximumConcurrency: 2)
    let results = Mutex<[OrganizationID: ReadingFailure?]>([:])
    let requests = try await poller.run(
      organizations.indices.map { PollJob(organization: $0) },
      policy: PollSchedule.Policy(requestsPerSecond: 1_000, retries: 3, deadline: 8), followUps: { _, _ in [] }
    ) { result in
      results.withLock { $0[result.organization.organization.id] = .some(result.failure) }
    }
    #expect(requests == 3)
    let failures = results.withLock { $0 }
    #expect(failures.count == 3)
    #expect(failures.compactMapValues { $0 }.keys.map(\.rawValue) == ["org-0"])
    let failure = try #require(failures[OrganizationID("org-0")] ?? nil)
    #expect(failure == ReadingFailure(.deadline, "the run's time was over before the vendor had answered"))
  }
}
