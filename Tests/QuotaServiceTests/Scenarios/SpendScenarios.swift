import Foundation
import QuotaCore
import Testing

@Suite("Scenarios: what a month costs")
struct SpendScenarios {
  /// 10.00 a month and 0.10 a page; told from 50.00, which 400 pages come to.
  static var plot: Plot {
    let rule = #"{ "id": "budget", "type": "spend", "amount": "50.00", "currency": "EUR", "notify": ["ops"] }"#
    var plot = Plot(rules: [rule])
    plot.organizations["acme"] = #""plan": "growth""#
    plot.further = #"""
      "plans": { "growth": { "currency": "EUR", "charges": [
        { "model": "flat", "amount": "10.00" },
        { "model": "unit", "metric": "pages", "unit_price": "0.10" } ] } }
      """#
    return plot
  }

  private struct Message: Decodable {
    struct Content: Decodable {
      let amount: String?
      let currency: String?
      let reason: String
    }

    let data: Content
  }

  @Test(
    "an amount is told once when it is reached, resolved when a correction takes it back, and begins anew each month")
  func amount() async throws {
    try await Story.tell(Self.plot) { story in
      try await story.run("11-10 12:00", ["acme": 399])
      try await story.run("11-10 13:00", ["acme": 400])
      try await story.run("11-10 14:00", ["acme": 450])
      try await story.run("11-10 20:00", ["acme": 390])
      try await story.run("12-02 12:00", ["acme": 401])
      #expect(
        story.told == [
          "11-10 13:00 → ops → firing budget acme 2026-11",
          "11-10 20:00 → ops → resolved budget acme 2026-11",
          "12-02 12:00 → ops → firing budget acme 2026-12",
        ])
      let messages = try story.bodies(of: "ops").map {
        try JSONDecoder().decode(Message.self, from: Data($0.utf8)).data
      }
      #expect(messages.map(\.amount) == ["50.00", "49.00", "50.10"])
      #expect(messages.map(\.currency) == ["EUR", "EUR", "EUR"])
      #expect(
        messages.map(\.reason) == [
          "400 pages and 0 conversions in 2026-11 cost 50.00 EUR: at or above 50.00 EUR",
          "390 pages and 0 conversions in 2026-11 cost 49.00 EUR: below 50.00 EUR",
          "401 pages and 0 conversions in 2026-12 cost 50.10 EUR: at or above 50.00 EUR",
        ])
    }
  }
}
