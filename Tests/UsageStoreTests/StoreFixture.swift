import Foundation
import QuotaCore
import Testing
import UsageStore

/// A directory of its own for one test, removed at its end.
final class StoreFixture: Sendable {
  let directory: String
  var path: String { directory + "/quotawatch.sqlite" }

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "usage-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    directory = url.path(percentEncoded: false)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: directory)
  }

  func writer(zone: TimeZone = .gmt, patience: Double = SQLiteStore.usualPatience) throws -> SQLiteStore {
    try SQLiteStore.open(path: path, access: .readWrite, billingTimeZone: zone, patience: patience)
  }

  func reader() throws -> SQLiteStore {
    try SQLiteStore.open(path: path, access: .readOnly, billingTimeZone: .gmt)
  }

  /// Creates a database of the present schema, does something to it, and closes it.
  func fill(_ body: @Sendable @escaping (any StoreWriter) throws -> Void = { _ in }) async throws {
    let store = try writer()
    try await store.write(body)
    try store.close()
  }

  /// The bytes of the database and of its write-ahead log.
  func bytes() throws -> [Data?] {
    [path, path + "-wal"].map { FileManager.default.contents(atPath: $0) }
  }
}

/// The error that a body throws, which must be a store's.
func storeError(_ body: () async throws -> Void) async -> StoreError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? StoreError
  }
}

extension StoreError {
  /// Whether it is one line that can be shown to a person.
  var isOneLine: Bool { !message.isEmpty && !message.contains("\n") }
}

extension Date {
  /// A time in November 2026, such as `at("23T10:00")`.
  static func at(_ text: String) -> Date {
    Date(iso8601: "2026-11-\(text):00.000Z") ?? .distantPast
  }
}

extension BillingMonth {
  static let october = named("2026-10")
  static let november = named("2026-11")

  static func named(_ text: String) -> BillingMonth {
    guard let month = BillingMonth(text) else { preconditionFailure("\(text) is not a month") }
    return month
  }
}

extension OrganizationID {
  static let acme = OrganizationID("acme")
  static let globex = OrganizationID("globex")
}

func reading(
  _ pages: Int64, at time: Date, month: BillingMonth = .november, of organization: OrganizationID = .acme
) -> Reading {
  Reading(
    organization: organization, month: month, counters: Counters(pages: pages, conversions: pages / 10),
    observedAt: time)
}

extension UsageStore {
  @discardableResult
  func record(_ reading: Reading) async throws -> MonthUsage {
    try await write { try $0.record(reading) }
  }
}

extension StoreWriter {
  @discardableResult
  func record(
    _ reading: Reading, quota: Quota = Quota(), freezesQuota: Bool = false, asked: Bool = false
  ) throws -> MonthUsage {
    let (id, month) = (reading.organization, reading.month)
    return try record(
      reading, after: months(of: [id], from: month, to: month)[id]?[month], quota: quota, freezesQuota: freezesQuota,
      asked: asked)
  }
}

func alert(
  _ rule: String = "pages-quota", of organization: OrganizationID = .acme, month: BillingMonth? = .november,
  metric: Metric? = .pages, level: Level? = .percent(hundredths: 8_000), status: Alert.Status = .firing,
  changedAt: Date = .at("23T10:00")
) -> Alert {
  Alert(
    key: AlertKey(rule: RuleID(rule), organization: organization, month: month, metric: metric, level: level),
    status: status, severity: .warning, episode: 1, firedAt: .at("23T09:00"), changedAt: changedAt,
    reason: "850 of 1000 pages: reached 80%",
    evidence: Evidence(
      used: 850, quota: 1_000, threshold: 800, observedAfter: .at("23T08:00"), observedAt: .at("23T09:00"),
      periodEnd: .at("30T23:59"), snapshotIDs: [1, 2]))
}

func event(_ name: String, about alert: Alert = alert(), transition: Event.Transition = .firing) -> Event {
  Event(
    id: EventID(rawValue: name), transition: transition, rule: alert.key.rule, topic: .rule(.threshold),
    severity: .warning,
    organization: alert.key.organization, organizationName: "Ünïted „Äcme“", month: alert.key.month,
    metric: alert.key.metric, level: alert.key.level, crossed: [alert.key.level].compactMap { $0 },
    reason: alert.reason, evidence: alert.evidence, occurredAt: alert.changedAt)
}

func delivery(
  _ event: String, to notifier: String = "ops", status: Delivery.Status = .pending, urgency: Int = 0
) -> Delivery {
  Delivery(
    message: MessageID(rawValue: event), notifier: NotifierID(notifier), channel: "webhook",
    payload: Array("{\"id\":\"\(event)\"}".utf8), urgency: urgency, status: status, queuedAt: .at("23T10:00"),
    diedAt: status == .dead ? .at("23T12:00") : nil)
}

func notice(_ event: Event, to notifier: String = "ops", since: Date = .at("23T10:00")) -> Notice {
  Notice(event: event, notifier: NotifierID(notifier), since: since)
}

extension StoreWriter {
  /// Adds events, and messages of one event each.
  func enqueue(_ events: [Event], _ deliveries: [Delivery]) throws {
    try enqueue(events, [Notice]())
    for delivery in deliveries {
      let id = EventID(rawValue: delivery.message.rawValue)
      if let event = try event(id) { try enqueue([], [notice(event, to: delivery.notifier.rawValue)]) }
      try queue(delivery, of: [id])
    }
  }
}
