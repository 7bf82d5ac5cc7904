import FoundationEssentials
import QuotaCore

/// The counters of every organization and month.
struct UsageBook {
  private struct Place: Hashable {
    let organization: OrganizationID
    let month: BillingMonth
  }

  /// What was set; it stands instead of the curve.
  private var set: [Place: Counters] = [:]
  /// What was added to the curve, or taken away from it.
  private var added: [Place: Counters] = [:]

  mutating func set(_ counters: Counters, for organization: OrganizationID, in month: BillingMonth) {
    set[Place(organization: organization, month: month)] = counters
  }

  /// Adds to what was set, or else to the curve; negative numbers are a correction.
  mutating func add(_ counters: Counters, to organization: OrganizationID, in month: BillingMonth) {
    let place = Place(organization: organization, month: month)
    if let current = set[place] {
      set[place] = current.adding(counters)
    } else {
      added[place] = (added[place] ?? .zero).adding(counters)
    }
  }

  /// The counters at a moment; zero for a month without use, and never below it.
  func counters(of organization: SimulatedOrganization, at date: Date, in shape: MonthShape) -> Counters {
    let place = Place(organization: organization.id, month: shape.month)
    if let counters = set[place] { return counters.atLeastZero }
    let curve = organization.curve?.counters(at: date, in: shape) ?? .zero
    return added.isEmpty ? curve : curve.adding(added[place] ?? .zero).atLeastZero
  }
}

extension Counters {
  /// The sums; one that does not fit stays at the end of the range.
  fileprivate func adding(_ other: Counters) -> Counters {
    func sum(_ first: Int64, _ second: Int64) -> Int64 {
      let (sum, overflow) = first.addingReportingOverflow(second)
      return overflow ? (second > 0 ? .max : .min) : sum
    }
    return Counters(pages: sum(pages, other.pages), conversions: sum(conversions, other.conversions))
  }

  fileprivate var atLeastZero: Counters {
    Counters(pages: max(0, pages), conversions: max(0, conversions))
  }
}
