package import FoundationEssentials
package import QuotaCore

/// Writes months of usage as a table: one row per organization, month and metric; see `docs/reports.md`.
///
/// Rows come out in the order in which months are written, each month's metrics by name. The same months give the same
/// bytes. Memory does not grow with the number of rows.
package struct UsageReport {
  /// Takes the next bytes of the report, which are valid during the call only.
  package typealias Sink = (UnsafeRawBufferPointer) throws -> Void

  private let zone: TimeZone
  private let zoneName: String
  private let now: Date
  private let sink: Sink
  private var rows: RowWriter<UsageColumn>
  private let metrics: [(metric: Metric, name: [UInt8], unit: [UInt8])]
  private var months: [BillingMonth: MonthCells] = [:]
  private var organization: OrganizationCells?
  /// The cells that end every row of the month being written.
  private var end: RowWriter<UsageColumn>

  /// How many bytes are collected before the sink is called.
  private static let flushSize = 64 << 10

  /// Begins a report; a CSV has its header even if no month follows.
  ///
  /// - Parameters:
  ///   - zone: the vendor's billing time zone.
  ///   - zoneName: its IANA name as configured, because `TimeZone.identifier` calls `UTC` `GMT`.
  ///   - now: the moment for which it is said which months are settled.
  package init(format: ReportFormat, zone: TimeZone, zoneName: String, now: Date, to sink: @escaping Sink) {
    self.zone = zone
    self.zoneName = zoneName
    self.now = now
    self.sink = sink
    rows = RowWriter(format.encoding)
    end = rows.part()
    let part = rows.part()
    metrics = Metric.allCases.sorted().map { metric in
      (
        metric, part.adding { $0.text(metric.rawValue, in: .metric) }.bytes,
        part.adding { $0.text(metric.unit, in: .unit) }.bytes
      )
    }
    rows.reserve(Self.flushSize * 2)
    rows.header()
  }

  /// Adds the rows of one month.
  package mutating func write(_ month: StoredMonth) throws {
    let snapshot = month.usage.snapshot
    let organization = cells(of: snapshot.organization, name: month.organizationName)
    let period = cells(of: snapshot.month)
    composeEnd(snapshot, period)
    for (metric, name, unit) in metrics {
      let quantity = snapshot.counters[metric]
      let quota = month.usage.quota[metric]
      rows.append(organization)
      rows.append(period.bytes)
      rows.append(name)
      rows.number(quantity, in: .quantity)
      rows.append(unit)
      rows.number(quota, in: .quota)
      rows.hundredths(quota.flatMap { Percentage.hundredths(quantity, of: $0) }, in: .percentOfQuota)
      rows.append(end.bytes)
    }
    if rows.bytes.count >= Self.flushSize { try flush() }
  }

  /// Ends the report: hands what is left to the sink.
  package mutating func finish() throws {
    try flush()
  }

  private mutating func flush() throws {
    guard !rows.bytes.isEmpty else { return }
    try rows.bytes.withUnsafeBytes(sink)
    rows.clear()
  }

  /// What the rows of an organization begin with, kept as long as the organization stays the same.
  private mutating func cells(of id: OrganizationID, name: String) -> [UInt8] {
    if let organization, organization.id == id, organization.name == name { return organization.bytes }
    let bytes = rows.part().adding {
      $0.number(SchemaVersion.current, in: .schemaVersion)
      $0.text(id.rawValue, in: .organizationID)
      $0.text(name, in: .organizationName)
    }.bytes
    organization = OrganizationCells(id: id, name: name, bytes: bytes)
    return bytes
  }

  private mutating func cells(of month: BillingMonth) -> MonthCells {
    if let cells = months[month] { return cells }
    let period = month.period(in: zone)
    let bytes = rows.part().adding {
      $0.text(month.description, in: .period)
      $0.text(zoneName, in: .periodTimeZone)
      $0.time(period.lowerBound, in: .periodStart)
      $0.time(period.upperBound, in: .periodEnd)
    }.bytes
    let cells = MonthCells(
      bytes: bytes, end: period.upperBound, followingEnd: month.advanced(by: 1)?.period(in: zone).upperBound)
    months[month] = cells
    return cells
  }

  private mutating func composeEnd(_ snapshot: Snapshot, _ period: MonthCells) {
    let settled = Settlement.isSettled(snapshot, monthEnd: period.end, followingMonthEnd: period.followingEnd, at: now)
    end.clear()
    end.text(settled ? "settled" : "open", in: .periodStatus)
    end.time(snapshot.firstSeenAt, in: .firstSeen)
    end.time(snapshot.lastSeenAt, in: .lastSeen)
    end.number(snapshot.id, in: .snapshotID)
    end.endRow()
  }
}

/// What the rows of one organization have in common.
private struct OrganizationCells {
  let id: OrganizationID
  let name: String
  let bytes: [UInt8]
}

/// What the rows of one month have in common, and the moments that decide whether it is settled.
private struct MonthCells {
  let bytes: [UInt8]
  let end: Date
  let followingEnd: Date?
}

extension Metric {
  /// What one of the quantity is.
  fileprivate var unit: String {
    switch self {
    case .pages: "page"
    case .conversions: "conversion"
    }
  }
}
