import Foundation
import QuotaCore
import Sandbox
import TestSupport

@testable import QuotaService

/// Months in the life of an installation, and every message that was received in them.
///
/// What was told is a list of lines `time → notifier → summary`, in the order of the runs and in each of them by the
/// notifiers' names; a test compares it with a table written by hand.
final class Story {
  let installation: Installation
  var plot: Plot
  private(set) var told: [String] = []
  private var seen: [String: Int] = [:]
  private var environment: [String: String] = [:]

  /// - Parameter start: such as `2026-11-10 12:00`, in UTC, as all times are.
  static func tell(
    _ plot: Plot, from start: String = "2026-11-10 12:00", timeZone: TimeZone = .gmt,
    _ body: (Story) async throws -> Void
  ) async throws {
    try await Installation.run(plot.ids, at: iso8601(start), timeZone: timeZone) { installation in
      try await body(Story(installation, plot))
    }
  }

  private init(_ installation: Installation, _ plot: Plot) {
    self.installation = installation
    self.plot = plot
  }

  private static func iso8601(_ time: String) -> String { time.replacingOccurrences(of: " ", with: "T") + ":00Z" }

  var vendor: SimulatedVendor { installation.sandbox.vendor }

  var service: Setup {
    get throws {
      try installation.service(
        plot.text(baseURL: installation.sandbox.baseURL), organizations: plot.ids, environment: environment)
    }
  }

  /// Moves on to a time of the story's year, such as `11-10 12:00`, and sets what the vendor counts then: pages of the
  /// current month by organization.
  func at(_ time: String, _ pages: [String: Int64] = [:]) throws {
    let year = time.count > 11 ? "" : "2026-"
    let moment = try Date(Self.iso8601(year + time), strategy: .iso8601)
    let passed = moment.timeIntervalSince(installation.clock.date)
    // A run takes a few milliseconds of the story's time.
    if passed > 0 { installation.advance(by: .milliseconds(Int64((passed * 1_000).rounded()))) }
    for (organization, count) in pages { installation.use(count, of: organization) }
  }

  /// Moves on, and lets a run happen, which reads all organizations or only some.
  @discardableResult
  func run(_ time: String, _ pages: [String: Int64] = [:], only: [String] = []) async throws -> CollectReport {
    try at(time, pages)
    var options = CollectUsage.Options()
    options.only = only
    let report = try await service.collect(options)
    try note(time)
    return report
  }

  /// Runs at each of these times without a change of the counters.
  func runs(_ times: [String]) async throws {
    for time in times { try await run(time) }
  }

  /// Gives an organization another key, in the configuration.
  func configureKey(_ key: String, of organization: String) {
    environment["KEY_\(organization)"] = key
  }

  /// Writes down what was received since the last time.
  func note(_ time: String) throws {
    for name in plot.notifiers.keys.sorted() {
      let received = installation.sandbox.hooks.received(on: "/hooks/\(name)")
      for hook in received.dropFirst(seen[name] ?? 0) {
        let message = try JSONDecoder().decode(ToldMessage.self, from: Data(hook.body))
        told.append("\(time) → \(name) → \(message.summary)")
      }
      seen[name] = received.count
    }
  }

  /// The bodies that a notifier has received.
  func bodies(of notifier: String) -> [String] {
    installation.sandbox.hooks.received(on: "/hooks/\(notifier)").map { String(decoding: $0.body, as: UTF8.self) }
  }
}

/// What a receiver reads of a message: an event, or a group of them.
private struct ToldMessage: Decodable {
  struct Content: Decodable {
    struct Named: Decodable { let id: String }
    struct Flapping: Decodable { let count: Int }

    let organization: Named?
    let rule: Named?
    let month: String?
    let level: String?
    let crossed: [String]?
    let episode: Int?
    let flapping: Flapping?
    let occasion: String?
    let events: [ToldMessage]?
  }

  let type: String
  let data: Content

  /// `firing pages acme 2026-11 80% [50% 80%] #2`, the number only of a repeated episode; of a group, its occasion and
  /// its events: `caught_up { …; … }`.
  var summary: String {
    if let events = data.events {
      return "\(data.occasion ?? type) { \(events.map(\.summary).joined(separator: "; ")) }"
    }
    let crossed = (data.crossed ?? []).joined(separator: " ")
    let episode = data.episode ?? 1
    return [
      type.replacingOccurrences(of: "alert.", with: ""), data.rule?.id, data.organization?.id, data.month, data.level,
      crossed.isEmpty ? nil : "[\(crossed)]", episode > 1 ? "#\(episode)" : nil,
      data.flapping.map { "flapping \($0.count)" },
    ].compactMap { $0 }.joined(separator: " ")
  }
}
