import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@testable import QuotaService

@Suite("Many requests at once")
struct RequestPoolTests {
  /// Answers for everybody but the first organization, for which there is an answer only when nobody waits any more.
  private struct HangingSource: UsageSource {
    let passed: @Sendable () -> Void

    func currentTime() async -> Date? { nil }

    func reading(
      of organization: OrganizationID, month: BillingMonth?, key: Secret
    ) async -> UsageReply {
      if organization.rawValue == "org-0" {
        passed()
        try? await Task.sleep(for: .seconds(3_600))
        return UsageReply(.failure(ReadingFailure(.deadline, "cancelled")))
      }
      guard let november = BillingMonth("2026-11") else {
        return UsageReply(.failure(ReadingFailure(.invalidAnswer, "no month")))
      }
      return UsageReply(
        .success(Reading(organization: organization, month: november, counters: .zero, observedAt: .now)))
    }
  }

  @Test("breaks off what is under way when the run's time is over, and says so")
  func brokenOff() async throws {
    let organizations = (0..<3).map {
      ConfiguredOrganization(organization: Organization(id: OrganizationID("org-\($0)")), apiKey: .environment("KEY"))
    }
    let deadlines = Deadlines()
    let pool = Self.pool(organizations, HangingSource { deadlines.pass() }) { _ in try await deadlines.wait() }
    let usages = try await pool.outcomes(
      of: organizations.indices.map { UsageJob(organization: $0) }, policy: Self.policy)
    #expect(usages.count == 3)
    let failures = usages.map { ($0.organization.organization.id.rawValue, $0.failure) }.filter { $0.1 != nil }
    #expect(failures.contains { $0.0 == "org-0" })
    #expect(
      failures.first { $0.0 == "org-0" }?.1
        == ReadingFailure(.deadline, "the run's time was over before the vendor had answered"))
  }

  @Test("hands over what was answered before it is interrupted, and says nothing of the rest")
  func interrupted() async throws {
    let organizations = (0..<3).map {
      ConfiguredOrganization(organization: Organization(id: OrganizationID("org-\($0)")), apiKey: .environment("KEY"))
    }
    let (usages, inlet) = AsyncStream<OrganizationUsage>.makeStream()
    let asked = Deadlines()
    let pool = Self.pool(organizations, HangingSource { asked.pass() }) { try await Task.sleep(for: .seconds($0)) }
    // The first to be asked for is the one that hangs.
    let jobs = [1, 0, 2].map { UsageJob(organization: $0) }
    let run = Task { try await pool.run(jobs, policy: Self.policy, into: inlet) }
    var answers = usages.makeAsyncIterator()
    let first = await answers.next()
    #expect(first?.failure == nil)
    try await asked.wait()
    run.cancel()
    await #expect(throws: CancellationError.self) { _ = try await run.value }
    var rest: [OrganizationUsage] = []
    while let usage = await answers.next() { rest.append(usage) }
    #expect(rest.allSatisfy { $0.failure == nil })
    #expect(!rest.contains { $0.organization.organization.id.rawValue == "org-0" })
  }

  @Test("has not ended well when it was interrupted, though everybody had answered")
  func interruptedAtLast() async throws {
    let organizations = [
      ConfiguredOrganization(organization: Organization(id: OrganizationID("org-1")), apiKey: .environment("KEY"))
    ]
    let pool = Self.pool(organizations, HangingSource {}) { try await Task.sleep(for: .seconds($0)) }
    let run = Task {
      try await pool.run([UsageJob(organization: 0)], policy: Self.policy) { _ in
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    await #expect(throws: CancellationError.self) { _ = try await run.value }
  }

  private static let policy = RequestPolicy(requestsPerSecond: 1_000, retries: 3, deadline: 3_600)

  private static func pool(
    _ organizations: [ConfiguredOrganization], _ source: any UsageSource,
    deadline: @escaping @Sendable (Double) async throws -> Void
  ) -> RequestPool<UsageJob> {
    RequestPool(
      organizations: organizations, source: source, secrets: FixedSecrets(["KEY": "key"]), clock: ContinuousClock(),
      deadline: deadline, now: { .now }, random: { 0.5 }, maximumConcurrency: 2)
  }
}
