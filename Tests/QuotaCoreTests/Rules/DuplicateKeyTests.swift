import FoundationEssentials
import TestSupport
import Testing

@testable import QuotaCore

@Suite("A duplicate key rule")
struct DuplicateKeyRuleTests {
  private let start = moment("2026-11-10T12:00")

  @Test("fires for a duplicate key, resolves when that shows other counters, and says nothing of what is not known")
  func states() throws {
    var world = try RuleWorld("duplicate_key")
    #expect(world.read(1, at: start).isEmpty)
    #expect(world.read(2, at: start + .hours(1), duplicateKeys: DuplicateKeys()).isEmpty)
    let globex = OrganizationID("globex")
    let duplicateKeys = DuplicateKeys(duplicates: [DuplicateKey(organization: globex, readings: 4)])
    world.read(3, at: start + .hours(2), duplicateKeys: duplicateKeys)
    #expect(world.holds == true)
    #expect(world.verdicts[0].evidence.otherOrganization == OrganizationID("globex"))
    #expect(!world.verdicts[0].reason.contains("globex"))
    world.tell()
    #expect(world.read(4, at: start + .hours(3)).isEmpty)
    // A month that has just begun says nothing, and that others are different neither.
    #expect(world.read(5, at: start + .hours(4), duplicateKeys: DuplicateKeys()).isEmpty)
    let initech = DuplicateKeys(strangers: [OrganizationID("initech")])
    #expect(world.read(6, at: start + .hours(5), duplicateKeys: initech).isEmpty)
    world.read(7, at: start + .hours(6), duplicateKeys: DuplicateKeys(strangers: [globex]))
    #expect(world.holds == false)
    #expect(world.verdicts[0].reason == "the other key shows other counters now")
  }
}

@Suite("The search for duplicate keys")
struct DuplicateKeySearchTests {
  private let start = moment("2026-11-10T12:00")

  /// Snapshots that are seen for half an hour each, one an hour.
  private func snapshots(_ id: String, _ pages: [Int64], delay: TimeSpan = .seconds(2)) -> [Snapshot] {
    pages.enumerated().map { index, pages in
      let seen = start + .hours(Int64(index)) + delay
      return Snapshot(
        id: Int64(index), organization: OrganizationID(id), month: billingMonth("2026-11"),
        counters: Counters(pages: pages, conversions: pages / 7), firstSeenAt: seen, lastSeenAt: seen + .minutes(30))
    }
  }

  private func duplicates(_ histories: [(String, [Snapshot])]) -> [String: [String]] {
    let byID = Dictionary(uniqueKeysWithValues: histories.map { (OrganizationID($0.0), $0.1) })
    let found = DuplicateKeySearch.findings(in: byID).filter { !$0.value.duplicates.isEmpty }
    return Dictionary(
      uniqueKeysWithValues: found.map { ($0.key.rawValue, $0.value.duplicates.map(\.organization.rawValue)) })
  }

  @Test("finds two keys that show the same values over three changes")
  func found() {
    let same: [Int64] = [100, 130, 190, 200]
    #expect(
      duplicates([
        ("a", snapshots("a", same)), ("b", snapshots("b", same, delay: .seconds(40))),
        ("c", snapshots("c", [101, 131, 191, 201])),
      ]) == ["a": ["b"], "b": ["a"]])
  }

  @Test("finds them though one was read a little later, when the counter had moved on")
  func interleaved() {
    let first = snapshots("a", [100, 130, 190, 200])
    let second =
      snapshots("b", [100, 130, 190]) + snapshots("b", [100, 130, 190, 203], delay: .minutes(31)).suffix(1)
    #expect(duplicates([("a", first), ("b", second)]) == ["a": ["b"], "b": ["a"]])
  }

  @Test(
    "is not fooled by chance",
    arguments: [
      // Too few, too small, standing still, and two nightly jobs of the same size.
      ([100, 130], [100, 130]), ([1, 2, 4, 9], [1, 2, 4, 9]), ([500, 500, 500], [500, 500, 500]),
      ([0, 0, 0, 0], [0, 0, 0, 0]), ([100, 200, 300, 400], [100, 200, 300, 400]),
      // The same values, but something else at the same time.
      ([100, 130, 190, 200], [100, 130, 190, 777]),
    ] as [([Int64], [Int64])])
  func chance(first: [Int64], second: [Int64]) {
    #expect(duplicates([("a", snapshots("a", first)), ("b", snapshots("b", second))]) == [:])
  }

  @Test(
    "takes too little of a month for nothing, and other counters for another customer",
    arguments: [
      ([], [], .unknown), ([3], [4], .unknown), ([100, 130], [100, 130], .unknown),
      ([60], [200], .strangers), ([3, 10, 49], [3, 11, 48], .unknown),
      ([100, 130, 190], [100, 130, 190], .duplicates(readings: 3)),
    ] as [([Int64], [Int64], DuplicateKeySearch.Comparison)])
  func comparison(first: [Int64], second: [Int64], result: DuplicateKeySearch.Comparison) {
    #expect(DuplicateKeySearch.compare(snapshots("a", first), snapshots("b", second)) == result)
  }

  @Test("does not compare values that were seen at other times")
  func otherTimes() {
    let same: [Int64] = [100, 130, 190, 200]
    #expect(duplicates([("a", snapshots("a", same)), ("b", snapshots("b", same, delay: .hours(9)))]) == [:])
  }

  @Test("finds everybody of a large group, without comparing all with all")
  func group() {
    let all = (0..<500).map { ("o\($0)", snapshots("o\($0)", [100, 130, 190, 200])) }
    #expect(duplicates(all).count == 500)
  }
}
