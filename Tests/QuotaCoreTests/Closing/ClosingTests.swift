import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("The closing journal")
struct ClosingTests {
  /// Stands for SHA-256: enough to tell texts apart, and 64 digits long.
  static let hash: ContentHash = { bytes in
    let sums = (0..<8).map { start in
      bytes.reduce(UInt32(start + 1)) { ($0 &* 16_777_619) ^ UInt32($1) }
    }
    return sums.map { sum in
      let digits = String(sum, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  static func close(
    _ organization: String = "acme", pages: Int64 = 1_234, by: String = "ops", forcedBecause: String? = nil
  ) -> ClosingEntry {
    ClosingEntry(
      organization: OrganizationID(organization), month: billingMonth("2026-10"), timeZone: "UTC",
      action: .close(
        ClosedMonth(
          snapshot: ClosedSnapshot(
            id: 7, counters: Counters(pages: pages, conversions: 89), firstSeenAt: moment("2026-10-31T23:00"),
            lastSeenAt: moment("2026-11-05T08:00")),
          quota: Quota(pages: 1_000), isSettled: true, plan: "standard", planVersion: "2026-01",
          forcedBecause: forcedBecause)),
      actedAt: moment("2026-11-05T08:01"), actedBy: by)
  }

  static let reopen = ClosingEntry(
    organization: OrganizationID("acme"), month: billingMonth("2026-10"), timeZone: "UTC",
    action: .reopen(reason: "two\nlines \\ and a backslash"), actedAt: moment("2026-11-06T08:00"), actedBy: "ops")

  /// Three entries, each after the one before.
  static let journal: [Closing] = [close(), close("globex"), reopen].reduce(into: []) { journal, entry in
    journal.append(Closing(entry, after: journal.last, hash: hash))
  }

  private static func problems(_ journal: [Closing], snapshot: Counters? = Counters(pages: 1_234, conversions: 89))
    -> [String]
  {
    var chain = ClosingChain(hash: hash)
    return journal.flatMap { chain.follow($0, snapshot: snapshot) }
  }

  @Test("An entry's text has every field on a line of its own, always in the same form")
  func canonicalText() {
    #expect(
      Self.journal[0].canonicalText == """
        quotawatch closing 1
        sequence: 1
        action: close
        organization_id: acme
        month: 2026-10
        time_zone: UTC
        pages: 1234
        conversions: 89
        snapshot_id: 7
        first_seen_at: 2026-10-31T23:00:00.000Z
        last_seen_at: 2026-11-05T08:00:00.000Z
        quota_pages: 1000
        quota_conversions:
        settled: yes
        plan: standard
        plan_version: 2026-01
        forced_because:
        reason:
        acted_at: 2026-11-05T08:01:00.000Z
        acted_by: ops
        previous_hash: 0000000000000000000000000000000000000000000000000000000000000000

        """)
    #expect(Self.journal[2].canonicalText.contains("\nreason: two\\nlines \\\\ and a backslash\n"))
    #expect(Self.journal[2].canonicalText.split(separator: "\n", omittingEmptySubsequences: false).count == 22)
  }

  @Test("A journal as it was written proves itself, and its head is the last hash")
  func intact() {
    #expect(Self.problems(Self.journal) == [])
    var chain = ClosingChain(hash: Self.hash)
    for closing in Self.journal { _ = chain.follow(closing, snapshot: Counters(pages: 1_234, conversions: 89)) }
    #expect(chain.count == 3)
    #expect(chain.head == Self.journal[2].hash)
  }

  @Test("Every field that is changed later shows")
  func changedFields() {
    let changes: [ClosingEntry] = [
      Self.close("other"), Self.close(pages: 1_235), Self.close(by: "mallory"), Self.close(forcedBecause: "x"),
      ClosingEntry(
        organization: OrganizationID("acme"), month: billingMonth("2026-09"), timeZone: "UTC",
        action: Self.close().action, actedAt: Self.close().actedAt, actedBy: "ops"),
      ClosingEntry(
        organization: OrganizationID("acme"), month: billingMonth("2026-10"), timeZone: "Europe/Berlin",
        action: Self.close().action, actedAt: Self.close().actedAt, actedBy: "ops"),
      Self.reopen,
    ]
    for change in changes {
      let original = Self.journal[0]
      let changed = Closing(
        sequence: 1, entry: change, previousHash: original.previousHash, hash: original.hash)
      #expect(!Self.problems([changed] + Self.journal.dropFirst()).isEmpty, "\(change)")
      // Whoever computes the hash anew breaks the chain behind it.
      let resealed = Closing(change, after: nil, hash: Self.hash)
      #expect(!Self.problems([resealed] + Self.journal.dropFirst()).isEmpty, "\(change)")
    }
  }

  @Test("Removed, exchanged and repeated entries show")
  func order() {
    let journal = Self.journal
    for wrong in [
      [journal[1], journal[2]], [journal[0], journal[2]], [journal[1], journal[0], journal[2]],
      [journal[0], journal[0], journal[1], journal[2]],
    ] {
      #expect(!Self.problems(wrong).isEmpty)
    }
  }

  @Test("A journal that was cut at its end shows to whoever noted its head down")
  func cut() {
    #expect(Self.problems(Array(Self.journal.dropLast())) == [])
    var chain = ClosingChain(hash: Self.hash, lookingFor: Self.journal[2].hash)
    for closing in Self.journal.dropLast() { _ = chain.follow(closing, snapshot: nil) }
    #expect(!chain.hasSeen)
    _ = chain.follow(Self.journal[2], snapshot: nil)
    #expect(chain.hasSeen)
  }

  @Test(
    "A reading that was changed or removed under a closing shows",
    arguments: [nil, Counters(pages: 1, conversions: 89)])
  func snapshot(found: Counters?) {
    let problems = Self.problems([Self.journal[0]], snapshot: found)
    #expect(problems.count == 1)
    #expect(problems.first?.contains("1,234 pages") == true)
  }

  @Test("What the vendor says after the closing is a change, and what it repeats is none")
  func postCloseChange() {
    func latest(_ pages: Int64) -> Snapshot {
      Snapshot(
        id: 9, organization: OrganizationID("acme"), month: billingMonth("2026-10"),
        counters: Counters(pages: pages, conversions: 89), firstSeenAt: moment("2026-11-09T00:00"),
        lastSeenAt: moment("2026-11-09T00:00"))
    }
    #expect(Self.journal[0].postCloseChange(latest(1_234)) == nil)
    let change = Self.journal[0].postCloseChange(latest(1_230))
    #expect(change?.change(of: .pages) == -4)
    #expect(change?.change(of: .conversions) == 0)
    #expect(Self.journal[2].postCloseChange(latest(1)) == nil)
  }
}

@Suite("What stands against closing a month")
struct ClosingObstacleTests {
  private static let end = moment("2026-11-01T00:00")
  private static let latest = Snapshot(
    id: 1, organization: OrganizationID("acme"), month: billingMonth("2026-10"), counters: .zero,
    firstSeenAt: end, lastSeenAt: end)

  private static func obstacles(
    now: Date = end, vendorMonth: String? = "2026-11", failure: String? = nil, latest: Snapshot? = latest,
    doubt: Doubt? = nil
  ) -> [ClosingObstacle] {
    ClosingObstacle.all(
      closing: billingMonth("2026-10"), end: end, now: now, vendorMonth: vendorMonth.map(billingMonth),
      failure: failure, latest: latest, doubt: doubt)
  }

  @Test("Figures that are in doubt, until they are decided on")
  func doubted() throws {
    let suspect = Suspect(
      organization: OrganizationID("acme"), month: billingMonth("2026-10"), metric: .pages, move: .jump, before: 1_200,
      after: 12_000)
    let before = Snapshot(
      id: 2, organization: OrganizationID("acme"), month: billingMonth("2026-10"),
      counters: Counters(pages: 1_200, conversions: 0), firstSeenAt: Self.end, lastSeenAt: Self.end)
    func month(_ snapshot: Snapshot, before: Snapshot?) -> ObservedMonth {
      ObservedMonth(snapshot: snapshot, before: before, quota: Quota(), period: Self.end..<Self.end)
    }
    let doubt = Doubt(suspect, month(Self.latest, before: before), at: Self.end)
    let found = Self.obstacles(doubt: doubt)
    #expect(found == [.doubted(doubt)])
    #expect(found.first?.message.contains("12,000 pages reported, 1,200 before") == true)
    let first = Suspect(
      organization: OrganizationID("acme"), month: billingMonth("2026-10"), metric: .pages, move: .first, before: 0,
      after: 12_000)
    let unheard = Self.obstacles(doubt: Doubt(first, month(Self.latest, before: nil), at: Self.end))
    #expect(unheard.first?.message.contains("12,000 pages reported, never read before") == true)
    #expect(Self.obstacles(doubt: doubt.after(month(before, before: nil), at: Self.end)) == [])
  }

  @Test("Nothing, where the month is over and was read")
  func none() { #expect(Self.obstacles() == []) }

  @Test("The month that still runs, by our clock or by the vendor's")
  func notOver() {
    #expect(Self.obstacles(now: Self.end.addingTimeInterval(-0.001)) == [.notOver(end: Self.end)])
    #expect(Self.obstacles(vendorMonth: "2026-10") == [.notOver(end: Self.end)])
  }

  @Test("A reading that failed, and a month that was never read")
  func unread() {
    #expect(Self.obstacles(vendorMonth: nil, failure: "no answer") == [.notReadNow("no answer")])
    #expect(Self.obstacles(failure: "no answer", latest: nil) == [.notReadNow("no answer"), .neverRead])
  }
}
