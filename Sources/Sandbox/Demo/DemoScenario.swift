package import FoundationEssentials
package import QuotaCore

/// A made-up month, November 2026, with something of everything, in steps of one day: the same on every machine and at
/// any time.
package struct DemoScenario: Sendable {
  package let month = november
  /// By id.
  package let organizations: [DemoOrganization]

  /// The month's days are its steps, 1 to this.
  package var dayCount: Int { shape.dayCount }

  private let shape: MonthShape

  /// November 2026 with its six organizations.
  package init() {
    organizations = DemoCast.organizations
    shape = MonthShape(Self.november, in: .gmt)
  }

  private static let november: BillingMonth = {
    guard let month = BillingMonth(year: 2026, month: 11) else { preconditionFailure("2026-11 is a month") }
    return month
  }()

  /// The moment of a step: 21:00 UTC, when the day's work is done.
  package func time(ofDay day: Int) -> Date {
    shape.period.lowerBound + .days(Int64(day - 1)) + .hours(21)
  }

  /// Brings a sandbox to the state of a day, 1 to ``dayCount``: clock, counters, keys and faults. It does not matter
  /// which day it was brought to before.
  ///
  /// The sandbox's vendor has to keep UTC. Organizations that it does not have yet are added.
  package func advance(to day: Int, on sandbox: Sandbox) {
    let vendor = sandbox.vendor
    let now = time(ofDay: day)
    vendor.now = now
    vendor.add(
      organizations.map {
        SimulatedOrganization(id: $0.id, name: $0.name, keys: $0.validKeys(onDay: day), curve: $0.curve)
      })
    for organization in organizations {
      if let october = month.advanced(by: -1) {
        vendor.setUsage(of: organization.id, in: october, to: organization.october)
      }
      vendor.setUsage(of: organization.id, in: month, to: counters(of: organization, at: now, day: day))
      vendor.clearFaults(of: organization.id)
      if organization.incidents.contains(where: { $0.isOn(day) && $0.kind == .serverErrors }) {
        vendor.inject(.status(500), for: organization.id)
      }
    }
  }

  /// When the month is closed: on the fifth of the following one, when the time for late results is over.
  package var closingTime: Date { shape.period.upperBound + .days(4) + .hours(9) }

  /// Brings a sandbox from the last day to ``closingTime``; nothing was added to the month since.
  package func advance(toMonthEndOn sandbox: Sandbox) {
    advance(to: dayCount, on: sandbox)
    sandbox.vendor.now = closingTime
  }

  /// The curve's counters, less what was corrected.
  private func counters(of organization: DemoOrganization, at now: Date, day: Int) -> Counters {
    var counters = organization.curve.counters(at: now, in: shape)
    for incident in organization.incidents where incident.isOn(day) {
      guard case .correction(let amount) = incident.kind else { continue }
      counters.pages -= amount.pages
      counters.conversions -= amount.conversions
    }
    return counters
  }
}
