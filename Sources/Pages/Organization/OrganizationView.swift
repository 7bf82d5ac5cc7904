import FoundationEssentials
package import QuotaCore

/// What there is to say of one organization.
package struct OrganizationView: Sendable {
  package var organization: Organization
  /// A row for each metric.
  package var status: [StatusRow]
  /// Since when it cannot be read, and why; nil if it can.
  package var failing: FailureStreak?
  /// The month that is looked at; nil if none was ever read.
  package var month: BillingMonth?
  /// Of that month, in the order in which they were made.
  package var snapshots: [Snapshot]
  /// Its days, and those of the month before it.
  package var days: [MonthDay]
  package var daysBefore: [MonthDay]
  /// Every month that was read, the latest first.
  package var months: [Month]
  /// The levels that rules look at in the current month.
  package var levels: [LevelMark]
  /// What fires or is pending.
  package var alerts: [Alert]
  /// Why nobody may hear of what fires.
  package var marks = AlertMarks(now: .distantPast)
  /// What became of the latest events, newest first.
  package var notices: [NoticeFate]
  /// What would hold back a message now, in words.
  package var holds: [String]

  package init(organization: Organization, status: [StatusRow]) {
    (self.organization, self.status) = (organization, status)
    (snapshots, days, daysBefore, months, levels) = ([], [], [], [], [])
    (alerts, notices, holds) = ([], [], [])
  }

  /// A billing month, by the vendor and by our own ledger.
  package struct Month: Sendable {
    package let usage: MonthUsage
    package let status: PeriodStatus
    /// Nil where the ledger holds nothing of it.
    package let ledger: LedgerMonth?

    package init(usage: MonthUsage, status: PeriodStatus, ledger: LedgerMonth?) {
      (self.usage, self.status, self.ledger) = (usage, status, ledger)
    }
  }

  /// A level, and the count at which it is reached.
  package struct LevelMark: Hashable, Sendable {
    package let metric: Metric
    package let level: Level
    package let count: Int64

    package init(metric: Metric, level: Level, count: Int64) {
      (self.metric, self.level, self.count) = (metric, level, count)
    }
  }
}
