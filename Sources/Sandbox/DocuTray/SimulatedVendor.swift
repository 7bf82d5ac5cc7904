package import FoundationEssentials
package import QuotaCore
import Synchronization

/// The vendor's side: organizations with keys and counters, a clock, and what is to go wrong.
///
/// Everything may be changed at any time; each request sees one consistent state.
package final class SimulatedVendor: Sendable {
  struct State {
    var clock: VendorClock
    var calendar: MonthCalendar
    var organizations: [OrganizationID: SimulatedOrganization] = [:]
    var ownerOfKey: [String: OrganizationID] = [:]
    var book = UsageBook()
    var faults = FaultPlan()
    var limiter = RateLimiter()
    var requestCounts: [OrganizationID: Int] = [:]
    var executions = ExecutionBook()
    var executionPlan = ExecutionPlan()
  }

  let state: Mutex<State>
  let gate = Gate()
  /// The latest requests, and a way to wait for more.
  package let requests: ArrivalLog<VendorRequest>
  /// The zone that months begin in.
  package let timeZone: TimeZone

  init(organizations: [SimulatedOrganization], clock: VendorClock, timeZone: TimeZone, remembering: Int) {
    state = Mutex(State(clock: clock, calendar: MonthCalendar(zone: timeZone)))
    requests = ArrivalLog(capacity: remembering)
    self.timeZone = timeZone
    add(organizations)
  }

  /// What the vendor takes for now. Setting it stops the clock at that moment.
  package var now: Date {
    get { state.withLock { $0.clock.now } }
    set { clock = .manual(newValue) }
  }

  package var clock: VendorClock {
    get { state.withLock { $0.clock } }
    set { state.withLock { $0.clock = newValue } }
  }

  /// The month that ``now`` falls into; nil outside of 2020 to 2100.
  package var currentMonth: BillingMonth? {
    state.withLock { $0.calendar.shape(containing: $0.clock.now)?.month }
  }

  /// How many requests an organization has made, those that are no longer remembered included.
  package func requestCount(of organization: OrganizationID) -> Int {
    state.withLock { $0.requestCounts[organization] ?? 0 }
  }

  /// Forgets all requests and their counts.
  package func clearRequests() {
    state.withLock { $0.requestCounts = [:] }
    requests.clear()
  }
}

/// Organizations and keys
extension SimulatedVendor {
  /// By id.
  package var organizations: [SimulatedOrganization] {
    state.withLock { $0.organizations.values.sorted { $0.id < $1.id } }
  }

  /// Adds organizations, or replaces those with the same id; keys that such a one had and no longer names are revoked.
  package func add(_ organizations: [SimulatedOrganization]) {
    state.withLock { state in
      for organization in organizations {
        for key in state.organizations[organization.id]?.keys ?? [] { state.ownerOfKey[key] = nil }
        state.organizations[organization.id] = organization
        for key in organization.keys { state.give(key, to: organization.id) }
      }
    }
  }

  /// Makes a key valid for an organization, beside those that it has; false if there is no such organization.
  @discardableResult
  package func addKey(_ key: String, to organization: OrganizationID) -> Bool {
    state.withLock { state in
      guard let current = state.organizations[organization] else { return false }
      guard !current.keys.contains(key) else { return true }
      state.organizations[organization] = current.withKeys(current.keys + [key])
      state.give(key, to: organization)
      return true
    }
  }

  /// Makes a key unknown; false if it was.
  @discardableResult
  package func revokeKey(_ key: String) -> Bool {
    state.withLock { state in
      guard let owner = state.ownerOfKey.removeValue(forKey: key) else { return false }
      state.dropKey(key, of: owner)
      return true
    }
  }
}

/// Counters
extension SimulatedVendor {
  /// What the vendor would answer now.
  package func usage(of organization: OrganizationID, in month: BillingMonth) -> Counters {
    state.withLock { state in
      state.countExecutions()
      guard let organization = state.organizations[organization] else { return .zero }
      let shape = state.calendar.shape(of: month)
      return state.book.counters(of: organization, at: state.clock.now, in: shape)
    }
  }

  /// Sets a month's counters, which then stand still; a curve no longer counts in that month.
  package func setUsage(of organization: OrganizationID, in month: BillingMonth, to counters: Counters) {
    state.withLock { $0.book.set(counters, for: organization, in: month) }
  }

  /// Adds to a month's counters, whether they were set or follow a curve. Negative numbers are a correction; below zero
  /// the vendor answers 0.
  package func addUsage(of organization: OrganizationID, in month: BillingMonth, _ counters: Counters) {
    state.withLock { $0.book.add(counters, to: organization, in: month) }
  }
}

/// What goes wrong
extension SimulatedVendor {
  /// Lets something go wrong with coming requests.
  ///
  /// - Parameters:
  ///   - times: with how many; nil for all, until ``clearFaults(of:)``.
  ///   - organization: whose; nil for everyone's, those with an unknown key included.
  ///   - endpoint: at which; nil for all.
  package func inject(
    _ fault: Fault, times: Int? = nil, for organization: OrganizationID? = nil, at endpoint: VendorEndpoint? = nil
  ) {
    if let times, times < 1 { return }
    state.withLock { $0.faults.add(fault, times: times, for: organization, at: endpoint) }
  }

  /// Ends an organization's faults, or all of them.
  package func clearFaults(of organization: OrganizationID? = nil) {
    state.withLock { $0.faults.clear(for: organization) }
  }

  /// Answers every request that hangs.
  package func releaseHanging() {
    gate.open()
  }

  /// Limits how fast one organization may ask, or all together; nil lifts that limit.
  package func limitRate(_ limit: RateLimit?, of organization: OrganizationID? = nil) {
    state.withLock { $0.limiter.set(limit, for: organization, at: .now) }
  }
}

extension SimulatedVendor.State {
  /// A key belongs to one organization: whoever had it loses it.
  fileprivate mutating func give(_ key: String, to organization: OrganizationID) {
    if let owner = ownerOfKey.updateValue(organization, forKey: key), owner != organization { dropKey(key, of: owner) }
  }

  fileprivate mutating func dropKey(_ key: String, of organization: OrganizationID) {
    guard let current = organizations[organization] else { return }
    organizations[organization] = current.withKeys(current.keys.filter { $0 != key })
  }
}
