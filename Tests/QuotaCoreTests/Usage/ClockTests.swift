import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("What stored times and the vendor's say of the clock")
struct ClockTests {
  private static let now = moment("2026-11-10T12:00")

  private static func finding(latest: Date, vendor: Date?) -> ClockFinding? {
    ClockFinding(latest: StoredMoment(source: .run, time: latest), now: now, vendorTime: vendor)
  }

  @Test("nothing where what is stored is past")
  func nothing() {
    #expect(Self.finding(latest: Self.now, vendor: Self.now + .hours(3)) == nil)
    #expect(Self.finding(latest: Self.now.addingTimeInterval(0.5), vendor: nil) == nil)
  }

  @Test("that it was ahead, where the stored time is future by the vendor's clock or nobody knows better")
  func ahead() throws {
    for vendor in [nil, Self.now, Self.now + .minutes(50), Self.now - .hours(4)] {
      let finding = try #require(Self.finding(latest: Self.now + .hours(1), vendor: vendor))
      #expect(finding.shift == 0)
      #expect(finding.warning.contains("the last run, 2026-11-10T13:00:00.000Z, lies 60 min in the future"))
      #expect(!finding.warning.contains("\n"))
    }
  }

  @Test(
    "that it is behind, by how much as far as the vendor's clock can be believed",
    arguments: [
      // In hours: the latest stored time, the vendor's, and what is right.
      (1, 1, 1), (1, 5, 1), (30, 40, 40), (490_000, 490_100, 490_100), (30, 5_000, 30),
    ] as [(Int64, Int64, Double)])
  func behind(latest: Int64, vendor: Int64, shift: Double) throws {
    let finding = try #require(Self.finding(latest: Self.now + .hours(latest), vendor: Self.now + .hours(vendor)))
    #expect(finding.shift == shift * 3_600)
    #expect(finding.warning.contains("this machine's clock is behind"))
  }

  @Test("how far it is from the vendor's, by the answer that fits best")
  func skew() {
    var skew = ClockSkew()
    #expect(skew.warning == nil)
    skew.note(vendorTime: Self.now, now: Self.now + .seconds(400))
    #expect(skew.ahead == 400)
    #expect(skew.warning?.contains("6 min ahead of the vendor's") == true)
    skew.note(vendorTime: Self.now, now: Self.now + .seconds(2))
    #expect(skew.ahead == 0)
    #expect(skew.warning == nil)
    var behind = ClockSkew()
    behind.note(vendorTime: Self.now + .days(3), now: Self.now)
    #expect(behind.warning?.contains("3 days behind the vendor's") == true)
    #expect(behind.ahead == 0)
  }

  @Test("Dates of HTTP are written as they are read")
  func httpDate() {
    #expect(HTTPDate.text(of: moment("1994-11-06T08:49")) == "Sun, 06 Nov 1994 08:49:00 GMT")
    for time in [Self.now, moment("2027-01-01T00:00"), moment("2024-02-29T23:59")] {
      #expect(HTTPDate.parse(HTTPDate.text(of: time), now: Self.now) == time)
    }
  }
}

@Suite("Snapshots in the order of time")
struct SnapshotOrderTests {
  /// Snapshots of November by their days, as `first` or `first-last`, in the order of their ids.
  private static func snapshots(_ days: [String], month: String = "2026-11") -> [Snapshot] {
    days.enumerated().map { index, text in
      let times = text.split(separator: "-").map { moment("2026-11-\($0)T00:00") }
      return Snapshot(
        id: Int64(index + 1), organization: OrganizationID("acme"), month: billingMonth(month),
        counters: Counters(pages: Int64(index), conversions: 0), firstSeenAt: times[0],
        lastSeenAt: times.last ?? times[0])
    }
  }

  private static func texts(_ snapshots: [Snapshot]) -> [String] {
    snapshots.map { snapshot in
      let (first, last) = (
        snapshot.firstSeenAt.iso8601.dropFirst(8).prefix(2), snapshot.lastSeenAt.iso8601.dropFirst(8).prefix(2)
      )
      return first == last ? "\(first)" : "\(first)-\(last)"
    }
  }

  @Test(
    "goes forward, whatever a wrong clock has stored",
    arguments: [
      (["01-03", "04", "05-09"], ["01-03", "04", "05-09"]),
      // Ahead once, and behind once.
      (["01-02", "20", "03", "04-06"], ["01-02", "03", "03", "04-06"]),
      (["09", "10", "01", "11", "12-13"], ["09", "10", "11", "11", "12-13"]),
      // What a clock that was ahead has extended ends where the next begins.
      (["01-25", "03", "04"], ["01-03", "03", "04"]), (["05", "04"], ["04", "04"]), (["07"], ["07"]),
    ] as [([String], [String])])
  func forward(stored: [String], expected: [String]) {
    #expect(Self.texts(Self.snapshots(stored).inOrderOfTime) == expected)
    #expect(Self.snapshots(stored).reversed().inOrderOfTime.map(\.id) == Array(1...Int64(stored.count)))
  }

  @Test("nothing of nothing")
  func empty() {
    #expect([Snapshot]().inOrderOfTime.isEmpty)
  }
}
