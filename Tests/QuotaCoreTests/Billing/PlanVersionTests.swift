import Testing

@testable import QuotaCore

@Suite("Versions of a plan")
struct PlanVersionTests {
  private func version(
    _ validFrom: String?, flat: String? = nil, unit: String? = nil, prorates: Bool = false, pages: Int64? = nil,
    minimum: String? = nil, rounding: Prices.Rounding = .line, tax: String? = nil
  ) throws -> PricePlan.Version {
    let flat = try flat.map { [Charge.Model.flat(amount: try decimal($0))] } ?? []
    let charges = flat + (try unit.map { [.unit(.pages, unitPrice: try decimal($0))] } ?? [])
    let prices = Prices(
      currency: try euro(), charges: charges.map { Charge($0) }, minimum: try minimum.map(decimal),
      rounding: rounding, taxPercent: try tax.map(decimal))
    let day = try validFrom.map { text in
      try #require(CalendarDay(text) ?? BillingMonth(text).map(CalendarDay.init(startOf:)))
    }
    return .init(
      validFrom: day, prorates: prorates, quota: Quota(pages: pages), prices: charges.isEmpty ? nil : prices)
  }

  private func plan(_ versions: PricePlan.Version...) -> PricePlan { PricePlan(name: "p", versions: versions) }

  private func amount(_ plan: PricePlan, _ month: String, pages: Int64 = 0) throws -> String? {
    plan.calculation(of: try #require(BillingMonth(month)), Counters(pages: pages, conversions: 0))?
      .subtotal.description
  }

  @Test(
    "the one that is valid at the month's start counts",
    arguments: [
      ("2025-12", nil), ("2026-01", "1"), ("2026-05", "1"), ("2026-06", "2"), ("2026-07", "2"), ("2100-12", "3"),
      // A day within a month does not change that month.
      ("2026-10", "2"), ("2026-11", "3"),
    ])
  func atMonthsStart(month: String, expected: String?) throws {
    let plan = plan(
      try version("2026-01", flat: "1"), try version("2026-06", flat: "2"), try version("2026-10-02", flat: "3"))
    #expect(try amount(plan, month) == expected)
  }

  @Test("a change within a month is split by days where the version says so")
  func split() throws {
    let plan = plan(
      try version(nil, flat: "30", unit: "0.3"), try version("2026-11-11", flat: "60", unit: "0.6", prorates: true))
    // 10 days at 30 + 0.3 × 100, 20 days at 60 + 0.6 × 100.
    #expect(try amount(plan, "2026-11", pages: 100) == "100")
    #expect(try amount(plan, "2026-10", pages: 100) == "60")
    #expect(try amount(plan, "2026-12", pages: 100) == "120")
    let calculation = try plan.calculation(pages: 100)
    #expect(calculation.parts.map(\.days) == [1...10, 11...30])
    #expect(try calculation.lines.map(\.rounded) == ["10", "10", "40", "40"].map(decimal))
    #expect(calculation.lines.map(\.share) == [10, 10, 20, 20].map { PriceCalculation.Share(days: $0, of: 30) })
  }

  @Test("parts of a month that have no end as a decimal are exact until they are rounded")
  func exactParts() throws {
    let versions = try [
      version(nil, flat: "100", rounding: .invoice),
      version("2026-10-11", flat: "100", prorates: true, rounding: .invoice),
      version("2026-10-12", flat: "100", prorates: true, rounding: .invoice),
    ]
    let calculation = try PricePlan(name: "p", versions: versions).calculation(pages: 0, month: "2026-10")
    #expect(calculation.unroundedSubtotal.rounded(to: 30) == ExactDecimal(100))
    #expect(calculation.subtotal == ExactDecimal(100))
    #expect(try calculation.lines[0].unrounded.decimal == decimal("32.258064516129"))
    // Rounded line by line, the parts lose or gain their own halves of a cent.
    #expect(try calculation.lines.map(\.rounded) == ["32.26", "3.23", "64.52"].map(decimal))
  }

  @Test("a first version that begins within a month charges fixed amounts for its days, and all that was used")
  func firstWithinMonth() throws {
    let plan = plan(try version("2026-11-16", flat: "30", unit: "1", prorates: true, minimum: "100"))
    let calculation = try plan.calculation(pages: 7)
    #expect(try calculation.lines.map(\.rounded) == ["15", "7", "28"].map(decimal))
    #expect(try amount(plan, "2026-10") == nil)
    let later = self.plan(try version("2026-11-16", flat: "30"))
    #expect(try amount(later, "2026-11") == nil)
    #expect(try amount(later, "2026-12") == "30")
  }

  @Test("each percentage of tax is taken of what it applies to")
  func taxes() throws {
    let plan = plan(
      try version(nil, flat: "30", tax: "10"), try version("2026-11-11", flat: "60", prorates: true, tax: "20"))
    let calculation = try plan.calculation(pages: 0)
    #expect(
      try calculation.taxes == [
        .init(percent: decimal("10"), amount: decimal("1")), .init(percent: decimal("20"), amount: decimal("8")),
      ])
    #expect(try calculation.total == decimal("59"))
  }

  @Test("the quota follows the versions, and an organization's own comes first")
  func quotas() throws {
    let plan = plan(
      try version("2026-01", pages: 10), try version("2026-06", pages: 20),
      try version("2026-10-02", flat: "1", prorates: true, pages: 30))
    let organization = Organization(
      id: OrganizationID("a"), plan: "p", quota: Quota(conversions: 5), pricePlan: plan)
    let months = try ["2025-12", "2026-01", "2026-06", "2026-10", "2026-11"].map { try #require(BillingMonth($0)) }
    #expect(months.map { organization.quotas[$0].pages } == [nil, 10, 20, 20, 30])
    #expect(months.allSatisfy { organization.quotas[$0].conversions == 5 })
    #expect(QuotaSchedule(Quota(pages: 1))[months[0]] == Quota(pages: 1))
    #expect(plan.quotas.filling(Quota(pages: 1))[months[3]] == Quota(pages: 1))
  }
}

@Suite("Days of a billing month")
struct CalendarDayTests {
  @Test("are read and written alike", arguments: ["2026-11-16", "2024-02-29", "2026-01-31", "2020-01-01"])
  func texts(text: String) {
    #expect(CalendarDay(text)?.description == text)
  }

  @Test(
    "exist or are refused",
    arguments: [
      "", "2026-11", "2026-11-00", "2026-11-31", "2026-02-29", "2100-02-29", "2026-11-1", "2026-11-16T00:00Z",
      "2019-12-31", "2026-11-١٦", "2026-11--1", "2026-11-+1",
    ])
  func refused(text: String) {
    #expect(CalendarDay(text) == nil)
  }

  @Test("are ordered by time")
  func order() throws {
    #expect(try #require(CalendarDay("2026-10-31")) < #require(CalendarDay("2026-11-01")))
    #expect(try #require(CalendarDay("2026-11-02")) < #require(CalendarDay("2026-11-16")))
  }
}
