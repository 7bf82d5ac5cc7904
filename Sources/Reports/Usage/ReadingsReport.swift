package import QuotaCore

/// The columns of the readings, in their order.
enum ReadingColumn: Int, ReportColumn {
  case schemaVersion, organizationID, period, pages, conversions, firstSeen, lastSeen, snapshotID

  var name: String {
    switch self {
    case .schemaVersion: SchemaVersion.name
    case .organizationID: "organization_id"
    case .period: "period"
    case .pages: "pages"
    case .conversions: "conversions"
    case .firstSeen: "first_seen_utc"
    case .lastSeen: "last_seen_utc"
    case .snapshotID: "snapshot_id"
    }
  }
}

/// Readings as a table: one row for each, in the order in which they are given.
package enum ReadingsReport {
  /// RFC 4180 with a header, UTF-8, lines that end in LF.
  package static func csv(_ snapshots: [Snapshot]) -> [UInt8] {
    var rows = RowWriter<ReadingColumn>(.csv(.plain))
    rows.header()
    for snapshot in snapshots {
      rows.number(SchemaVersion.current, in: .schemaVersion)
      rows.text(snapshot.organization.rawValue, in: .organizationID)
      rows.text(snapshot.month.description, in: .period)
      rows.number(snapshot.counters.pages, in: .pages)
      rows.number(snapshot.counters.conversions, in: .conversions)
      rows.time(snapshot.firstSeenAt, in: .firstSeen)
      rows.time(snapshot.lastSeenAt, in: .lastSeen)
      rows.number(snapshot.id, in: .snapshotID)
      rows.endRow()
    }
    return rows.bytes
  }
}
