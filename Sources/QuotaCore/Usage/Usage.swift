package import FoundationEssentials

/// What the vendor counts: a cumulative counter within a billing month.
package enum Metric: String, Hashable, CaseIterable, Codable, Comparable, Sendable {
  /// Pages of documents that were processed successfully.
  case pages
  /// Successful operations: conversions and identifications together.
  case conversions

  /// One of what is counted.
  package var noun: String {
    switch self {
    case .pages: "page"
    case .conversions: "conversion"
    }
  }

  package static func < (first: Metric, second: Metric) -> Bool { first.rawValue < second.rawValue }
}

/// Something that there is of each metric.
package protocol PerMetric {
  associatedtype Value
  var pages: Value { get set }
  var conversions: Value { get set }
}

extension PerMetric {
  package subscript(metric: Metric) -> Value {
    get {
      switch metric {
      case .pages: pages
      case .conversions: conversions
      }
    }
    set {
      switch metric {
      case .pages: pages = newValue
      case .conversions: conversions = newValue
      }
    }
  }
}

/// The two counters of one answer, whole numbers ≥ 0.
package struct Counters: PerMetric, Hashable, Codable, Sendable {
  package var pages: Int64
  package var conversions: Int64

  package init(pages: Int64, conversions: Int64) {
    self.pages = pages
    self.conversions = conversions
  }

  package static let zero = Counters(pages: 0, conversions: 0)

  /// What was counted, for people: `12,345 pages` and `678 conversions`.
  package var counted: [String] { [pages.counted(.pages), conversions.counted(.conversions)] }
}

/// How much of each metric a month includes; nil where nothing is agreed.
package struct Quota: PerMetric, Hashable, Codable, Sendable {
  package var pages: Int64?
  package var conversions: Int64?

  package init(pages: Int64? = nil, conversions: Int64? = nil) {
    self.pages = pages
    self.conversions = conversions
  }

  /// The largest quota and count that a configuration may name, far above any month's use.
  package static let largest: Int64 = 1_000_000_000_000_000

  /// This quota, with another's figures where it has none of its own.
  package func filled(from other: Quota) -> Quota {
    Quota(pages: pages ?? other.pages, conversions: conversions ?? other.conversions)
  }
}

/// One answer of the usage endpoint.
package struct Reading: Hashable, Sendable {
  package let organization: OrganizationID
  /// The month that the answer names.
  package let month: BillingMonth
  package let counters: Counters
  /// When the answer had arrived, to the millisecond.
  package let observedAt: Date

  package init(organization: OrganizationID, month: BillingMonth, counters: Counters, observedAt: Date) {
    self.organization = organization
    self.month = month
    self.counters = counters
    self.observedAt = observedAt
  }
}

/// A stored reading, and for how long its values were seen unchanged.
package struct Snapshot: Hashable, Codable, Sendable {
  /// The row's number in the database.
  package let id: Int64
  package let organization: OrganizationID
  package let month: BillingMonth
  package let counters: Counters
  package let firstSeenAt: Date
  package let lastSeenAt: Date

  package init(
    id: Int64, organization: OrganizationID, month: BillingMonth, counters: Counters, firstSeenAt: Date,
    lastSeenAt: Date
  ) {
    self.id = id
    self.organization = organization
    self.month = month
    self.counters = counters
    self.firstSeenAt = firstSeenAt
    self.lastSeenAt = lastSeenAt
  }
}
