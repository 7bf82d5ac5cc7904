package import FoundationEssentials

/// What is known of one organization and metric now: a row of `status`.
package struct StatusRow: Sendable {
  package let organization: OrganizationID
  package let name: String
  package let tags: [String]
  /// Nil if it was never read.
  package let month: BillingMonth?
  package let metric: Metric
  package let used: Int64?
  package let quota: Int64?
  /// How much the counter has grown within the last 24 hours of this month; nil if that is not known.
  package let sinceYesterday: Int64?
  /// What the month is expected to come to; nil before there is a pace to speak of, and when the month is over.
  package let forecast: Forecast?
  /// The same as one number, which a month that is over has, too.
  package let projected: Int64?
  package let lastSeenAt: Date?
  /// Why the last run could not read it, or that none has since a backup was restored; nil if it could.
  package let problem: String?
  package let state: State
  /// The highest firing level of this metric.
  package let level: Level?
  /// Of the alerts of this metric that fire.
  package let marks: [AlertMark]
  /// Set while the figure is not believed.
  package let doubt: Doubt?
  /// Between when and when the quota is expected to be used up, or was seen to be; see ``Forecast/exhaustion(of:)``.
  package let exhaustion: (from: Date, to: Date?)?

  package init(
    organization: Organization, month: BillingMonth? = nil, metric: Metric, used: Int64? = nil, quota: Int64?,
    sinceYesterday: Int64? = nil, forecast: Forecast? = nil, projected: Int64? = nil, lastSeenAt: Date? = nil,
    problem: String? = nil, state: State, level: Level? = nil, marks: [AlertMark] = [],
    doubt: Doubt? = nil
  ) {
    (self.organization, name, tags) = (organization.id, organization.name, organization.tags)
    (self.month, self.metric, self.used, self.quota) = (month, metric, used, quota)
    (self.sinceYesterday, self.forecast, self.projected) = (sinceYesterday, forecast, projected)
    (self.lastSeenAt, self.problem, self.state) = (lastSeenAt, problem, state)
    (self.level, self.marks, self.doubt) = (level, marks, doubt)
    if Self.isExhausted(used, of: quota) {
      exhaustion = lastSeenAt.map { ($0, $0) }
    } else {
      exhaustion = quota.flatMap { forecast?.exhaustion(of: $0) }
    }
  }

  /// The worst that is to be said of the row; ok is only what a rule watches.
  package enum State: String, CaseIterable, Codable, Sendable {
    case ok
    /// An alert fires for this metric, or for the organization.
    case firing
    /// Nothing fires, and by the forecast the month comes to the quota or beyond it.
    case runsOut = "runs_out"
    /// Nothing is wrong that is known of, and no rule looks at the figure.
    case unwatched
    /// The figure is not believed yet, whatever it says.
    case doubted = "in_doubt"
    /// The counter is at or above the quota.
    case exceeded
    /// The vendor refuses the key.
    case keyRejected = "key_rejected"
    /// Something else answers instead of the vendor.
    case gateway
    /// A limit refuses the requests.
    case limited
    /// The last run could not read it.
    case failing
    /// It was never read.
    case unknown

    /// Whether the vendor could not be asked.
    package var isUnreadable: Bool {
      switch self {
      case .ok, .firing, .runsOut, .unwatched, .doubted, .exceeded, .unknown: false
      case .keyRejected, .gateway, .limited, .failing: true
      }
    }
  }

  /// Rounded down; nil where there is no quota to divide by.
  package var percent: Int64? {
    guard let used, let quota else { return nil }
    return Percent.whole(used, of: quota)
  }

  /// Whether the counter has come to the quota, whatever else there is to say.
  package var isExhausted: Bool { Self.isExhausted(used, of: quota) }

  /// Whether a counter has come to a quota; without use none has, nor where one of both is not known.
  package static func isExhausted(_ used: Int64?, of quota: Int64?) -> Bool {
    guard let used, let quota else { return false }
    return used > 0 && used >= quota
  }
}

/// How urgent it is to look at a row: first what is used up, then what is going to be, the soonest first, then by the part of
/// the quota that is used, then what has no quota, and at the end what was never read.
package struct Urgency: Comparable, Sendable {
  private let rank: Int
  private let runsOut: Date
  private let percent: Int64

  package init(_ row: StatusRow) {
    let exhaustion = row.isExhausted ? nil : row.exhaustion
    percent = row.percent ?? 0
    runsOut = exhaustion?.from ?? .distantFuture
    rank = row.isExhausted ? 0 : row.used == nil ? 4 : row.quota == nil ? 3 : exhaustion == nil ? 2 : 1
  }

  /// The more urgent one comes first.
  package static func < (first: Urgency, second: Urgency) -> Bool {
    (first.rank, first.runsOut, second.percent) < (second.rank, second.runsOut, first.percent)
  }
}

/// Whether a figure can be relied on to be of now.
package enum Freshness: String, Hashable, CaseIterable, Sendable {
  case fresh
  /// The vendor was not heard for too long, or the figure is of a month that is over.
  case stale
  /// Nothing was ever read.
  case unknown

  /// - Parameters:
  ///   - limit: how old a figure may be.
  ///   - month: the month that is now.
  package init(of row: StatusRow, at now: Date, limit: TimeSpan, in month: BillingMonth?) {
    guard let seen = row.lastSeenAt else {
      self = .unknown
      return
    }
    self = row.problem == nil && row.month == month && seen.isLess(than: limit, before: now) ? .fresh : .stale
  }

  /// How old a figure may be: three intervals of the schedule, but an hour at least; a day where nothing says how often
  /// the vendor is asked.
  package static func limit(every interval: TimeSpan?) -> TimeSpan {
    interval.map { max(.hours(1), .seconds(3 * $0.seconds)) } ?? .days(1)
  }
}
