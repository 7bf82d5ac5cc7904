import Foundation
import QuotaCore
import Sandbox
import Testing

/// The month as a poller sees it, one reading a day; nil where there is no reading.
private func played() async throws -> [String: [Counters?]] {
  let scenario = DemoScenario()
  let clock = VendorClock.manual(scenario.time(ofDay: 1))
  return try await Sandbox.withRunning(clock: clock) { sandbox async throws in
    var readings: [String: [Counters?]] = [:]
    for day in 1...scenario.dayCount {
      scenario.advance(to: day, on: sandbox)
      for organization in scenario.organizations {
        let answer = try await usage(sandbox, key: organization.key(onDay: day))
        let pages = answer?.json?["successful_pages"]?.integer
        let conversions = answer?.json?["successful_conversions"]?.integer
        var reading: Counters?
        if let pages, let conversions { reading = Counters(pages: pages, conversions: conversions) }
        readings[organization.id.rawValue, default: []].append(reading)
      }
    }
    return readings
  }
}

@Suite(.timeLimit(.minutes(5)))
struct `The demo's month` {
  private let scenario = DemoScenario()

  private func percents(_ readings: [Counters?], _ id: String) throws -> [Int64?] {
    let quota = try #require(scenario.organizations.first { $0.id.rawValue == id }?.quota.pages)
    return readings.map { $0.map { $0.pages * 100 / quota } }
  }

  @Test func `is November 2026 in thirty steps`() throws {
    #expect(scenario.month.description == "2026-11")
    #expect(scenario.dayCount == 30)
    #expect(try scenario.time(ofDay: 1) == time("2026-11-01T21:00:00Z"))
    #expect(try scenario.time(ofDay: 30) == time("2026-11-30T21:00:00Z"))
  }

  @Test func `tells each organization's story`() async throws {
    let readings = try await played()
    let acme = try percents(readings["acme"] ?? [], "acme").compactMap { $0 }
    #expect(acme.count == 30 && (20..<50).contains(acme[29]))

    let globex = try percents(readings["globex"] ?? [], "globex").compactMap { $0 }
    let crossings = [50, 80, 100].map { level in globex.firstIndex { $0 >= level } }
    #expect(Set(crossings).count == 3 && !crossings.contains(nil))

    let initech = try percents(readings["initech"] ?? [], "initech").compactMap { $0 }
    #expect(initech[8] < 50 && initech[9] >= 80 && initech[9] < 100)
    #expect(initech[12] < initech[11] && initech[12] < 80 && initech[12] >= 50)
    #expect(initech.allSatisfy { $0 < 100 })

    #expect(readings["umbrella"] == Array(repeating: Counters.zero, count: 30))
    let missing = { (id: String) in (readings[id] ?? []).indices.filter { readings[id]?[$0] == nil }.map { $0 + 1 } }
    #expect(missing("hooli") == [18, 19, 20, 21])
    #expect(missing("stark") == [12])
    for id in ["acme", "globex", "initech", "umbrella"] { #expect(missing(id).isEmpty) }
    for id in ["hooli", "stark"] { #expect(try percents(readings[id] ?? [], id).allSatisfy { $0 ?? 0 < 50 }) }
  }

  @Test func `leaves nothing to tell of the month before`() async throws {
    try await Sandbox.withRunning(clock: .manual(scenario.time(ofDay: 1))) { sandbox async throws in
      scenario.advance(to: 1, on: sandbox)
      let october = try month("2026-10")
      for organization in scenario.organizations {
        let used = sandbox.vendor.usage(of: organization.id, in: october)
        for metric in Metric.allCases { #expect(used[metric] * 2 < organization.quota[metric] ?? 0) }
      }
    }
  }

  @Test func `is the same every time`() async throws {
    let first = try await played()
    #expect(try await played() == first)
  }

  @Test func `can be entered on any day`() async throws {
    try await Sandbox.withRunning(clock: .manual(scenario.time(ofDay: 1))) { sandbox async throws in
      scenario.advance(to: 25, on: sandbox)
      let renewed = try await usage(sandbox, key: "demo-key-hooli-renewed")
      #expect(renewed?.status == 200)
      scenario.advance(to: 12, on: sandbox)
      #expect(try await usage(sandbox, key: "demo-key-hooli")?.status == 200)
      #expect(try await usage(sandbox, key: "demo-key-hooli-renewed")?.status == 401)
      #expect(try await usage(sandbox, key: "demo-key-stark")?.status == 500)
      scenario.advance(to: 13, on: sandbox)
      #expect(try await usage(sandbox, key: "demo-key-stark")?.status == 200)
    }
  }
}
