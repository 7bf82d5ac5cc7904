import FoundationEssentials
import QuotaCore

@testable import Pages

/// What page tests have in common: a moment in November 2026, and rows.
enum PageTestWorld {
  static let now = Date(iso8601: "2026-11-16T12:00:00.000Z") ?? .distantPast
  static let month = BillingMonth("2026-11")

  static func frame(seesAll: Bool = true, mayAct: Bool = false, warnings: [String] = []) throws -> PageFrame {
    var visitor = PageFrame.Visitor(seesAll: seesAll)
    visitor.form = mayAct ? PageFrame.FormMarks(code: "c0de", seen: 7) : nil
    return PageFrame(
      templates: try PageTemplates(), now: now, zone: .gmt, zoneName: "UTC", version: "0", visitor: visitor,
      warnings: warnings, freshnessLimit: .days(1))
  }

  /// A row that was read a quarter of an hour ago.
  static func row(
    _ id: String, name: String? = nil, tags: [String] = [], metric: Metric = .pages, used: Int64? = 500,
    quota: Int64? = 10_000, seen: Date? = now - .minutes(15), state: StatusRow.State = .ok, problem: String? = nil,
    forecast: Bool = true, of month: BillingMonth? = PageTestWorld.month
  ) -> StatusRow {
    let made = used.flatMap { used in
      month.flatMap { month in
        forecast
          ? Forecast(
            of: metric, used: used, at: now, month: month, period: month.period(in: .gmt), profile: UsageProfile())
          : nil
      }
    }
    return StatusRow(
      organization: Organization(id: OrganizationID(id), name: name, tags: tags), month: used == nil ? nil : month,
      metric: metric, used: used, quota: quota, forecast: made, projected: made?.projected,
      lastSeenAt: used == nil ? nil : seen, problem: problem, state: state)
  }
}
