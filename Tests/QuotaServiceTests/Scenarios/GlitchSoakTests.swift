import Foundation
import QuotaCore
import TestSupport
import Testing

@testable import QuotaService

/// Hours in which the vendor's figures are wrong now and then, for all or for most, for one run or several, while runs are
/// killed and keys are refused by chance.
@Suite("Weeks of glitches, kills and refusals")
struct GlitchSoakTests {
  private static let ids = (10..<24).map { "o\($0)" }
  private static let levels = (1...80).map { Int64($0 * 25) }

  @Test("tell each level that was reached once, and nothing else", .timeLimit(.minutes(10)), arguments: [3, 10])
  func soak(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let rule =
      #"{ "id": "pages", "type": "threshold", "metric": "pages", "count": \#(Self.levels), "notify": ["ops"] }"#
    var plot = Plot(Self.ids, rules: [rule])
    plot.notifiers["ops"] = #""group_above": 1000"#
    try await Story.tell(plot, from: "2026-11-02 00:00") { story in
      var right = Dictionary(uniqueKeysWithValues: Self.ids.map { ($0, Int64(60)) })
      var minutes = 0
      func time() -> String {
        let (day, hour, minute) = (minutes / 1_440 + 2, minutes / 60 % 24, minutes % 60)
        return String(format: "11-%02d %02d:%02d", day, hour, minute)
      }
      /// A run that is killed before its end, or is not.
      func run(_ pages: [String: Int64], killed: Bool) async throws {
        for id in Self.ids {
          story.configureKey(Int.random(in: 0..<12, using: &random) == 0 ? "wrong" : "key-\(id)", of: id)
        }
        try story.at(time(), pages)
        if killed {
          try await RestartScenarios.collectAndDie(try story.service)
          try story.note(time())
        } else {
          try await story.run(time())
        }
      }
      func oneOf(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }
      try await run(right, killed: false)
      for _ in 0..<100 {
        minutes += 60
        for id in Self.ids { right[id, default: 0] += Int64.random(in: 0...4, using: &random) }
        if oneOf(6) {
          let factor: Int64 = oneOf(2) ? 0 : 10
          let spared = Set(Self.ids.shuffled(using: &random).prefix(oneOf(2) ? 0 : 4))
          for _ in 0..<Int.random(in: 1...3, using: &random) {
            let wrong = right.map { ($0, spared.contains($0) ? $1 : $1 * factor) }
            try await run(Dictionary(uniqueKeysWithValues: wrong), killed: oneOf(2))
            minutes += Int.random(in: 5...12, using: &random)
          }
        }
        try await run(right, killed: oneOf(4))
      }
      for id in Self.ids { story.configureKey("key-\(id)", of: id) }
      for _ in 0..<3 {
        minutes += 1_440
        try await story.run(time(), right)
      }
      var told: [String: [String]] = [:]
      let events = story.told.flatMap { line in
        (line.firstIndex(of: "{").map { line[$0...] } ?? line[...]).split(separator: "; ")
      }
      for event in events where event.contains(" pages ") {
        #expect(event.contains("firing pages"), "\(event)")
        let organization = event.split(separator: " ").first { right[String($0)] != nil }
        let crossed = event.split(separator: "[").last?.prefix { $0 != "]" } ?? ""
        told[String(organization ?? "nobody"), default: []] += crossed.split(separator: " ").map(String.init)
      }
      for (id, pages) in right {
        #expect(told[id, default: []] == Self.levels.filter { $0 <= pages }.map(String.init), "\(id)")
      }
    }
  }
}
