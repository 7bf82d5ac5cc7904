import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Decoding plans")
struct PlanDecodingTests {
  private func file(_ plan: String) -> String {
    #"{"plans": {"p": \#(plan)}, "organizations": [{"id": "a", "api_key": {"env": "K"}, "plan": "p"}]}"#
  }

  private func plan(_ text: String) throws -> PricePlan {
    let configuration = try ConfigurationDecodingTests.decode(file(text))
    let plan = try #require(configuration.plans["p"])
    #expect(configuration.organizations.first?.organization.pricePlan == plan)
    return plan
  }

  private func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }

  @Test("one version may stand without a list, and everything is taken over")
  func inline() throws {
    let plan = try plan(
      """
      {"valid_from": "2026-02", "quota": {"pages": 5}, "currency": "EUR", "minimum": "10.00", "bill_zero_usage": false,
       "rounding": "invoice", "tax_percent": "19", "charges": [
        {"model": "flat", "name": "Base fee", "amount": "99.00"},
        {"model": "unit", "metric": "conversions", "unit_price": "0.02"},
        {"model": "graduated", "metric": "pages",
         "tiers": [{"up_to": 10000, "unit_price": "0.01", "flat_amount": "5.00"}, {"unit_price": "0.008"}]},
        {"model": "volume", "metric": "pages", "tiers": [{"up_to": 1, "flat_amount": "1"}, {"flat_amount": "2"}]},
        {"model": "package", "metric": "pages", "package_size": 1000, "package_price": "8.00", "free_units": 100},
        {"model": "included", "metric": "pages", "included": 10000, "unit_price": "0.012"}]}
      """)
    let graduated = Tiers(
      [.init(upTo: 10_000, price: .init(unitPrice: try decimal("0.01"), flatAmount: try decimal("5")))],
      last: .init(unitPrice: try decimal("0.008")))
    let volume = Tiers(
      [.init(upTo: 1, price: .init(flatAmount: try decimal("1")))], last: .init(flatAmount: try decimal("2")))
    let prices = Prices(
      currency: try #require(Currency("EUR")),
      charges: [
        Charge(name: "Base fee", .flat(amount: try decimal("99"))),
        Charge(.unit(.conversions, unitPrice: try decimal("0.02"))), Charge(.graduated(.pages, graduated)),
        Charge(.volume(.pages, volume)),
        Charge(.package(.pages, size: 1_000, price: try decimal("8"), freeUnits: 100)),
        Charge(.included(.pages, included: 10_000, unitPrice: try decimal("0.012"))),
      ], minimum: try decimal("10"), billsZeroUsage: false, rounding: .invoice, taxPercent: try decimal("19"))
    let version = PricePlan.Version(
      validFrom: CalendarDay("2026-02-01"), quota: Quota(pages: 5), prices: prices)
    #expect(plan == PricePlan(name: "p", versions: [version]))
  }

  @Test("versions come in the order of time, with the documented defaults")
  func versions() throws {
    let plan = try plan(
      """
      {"versions": [{"quota": {"pages": 5}}, {"valid_from": "2026-02", "currency": "JPY", "charges": []},
       {"valid_from": "2026-02-20", "prorate": true, "currency": "JPY", "charges": [], "tax_percent": 8.25}]}
      """)
    #expect(plan.versions.map { $0.validFrom?.description } == [nil, "2026-02-01", "2026-02-20"])
    #expect(plan.versions.map(\.prorates) == [false, false, true])
    let prices = plan.versions.map(\.prices)
    #expect(prices[0] == nil)
    #expect(prices[1]?.billsZeroUsage == true && prices[1]?.rounding == .line && prices[1]?.taxPercent == nil)
    #expect(prices[2]?.taxPercent == (try decimal("8.25")))
  }

  @Test("discounts, a maximum, packages in tiers and prices with tax are taken over")
  func reductions() throws {
    let plan = try plan(
      """
      {"currency": "EUR", "minimum": "10", "maximum": "10.00", "tax_percent": "19", "tax_included": true,
       "discounts": [{"name": "Partner", "percent": "12.5"}, {"amount": "20.00"}], "charges": [
        {"model": "graduated", "metric": "pages", "discounts": [{"percent": 100}],
         "tiers": [{"up_to": 10, "package_size": 3, "package_price": "1.25", "flat_amount": "2"}, {"unit_price": "0"}]}]}
      """)
    let prices = try #require(plan.versions.first?.prices)
    #expect(prices.maximum == (try decimal("10")) && prices.includesTax)
    #expect(
      prices.discounts == [
        Discount(name: "Partner", .percent(try decimal("12.5"))),
        Discount(name: "Discount", .amount(try decimal("20"))),
      ])
    #expect(prices.charges.map(\.discounts) == [[Discount(.percent(try decimal("100")))]])
    let tier = Tiers.Price(unitPrice: try decimal("1.25"), packageSize: 3, flatAmount: try decimal("2"))
    #expect(prices.charges.map(\.model) == [.graduated(.pages, Tiers([.init(upTo: 10, price: tier)], last: .init()))])
  }

  private static let amounts =
    "expected an amount such as \"0.012\", without sign, at most 15 digits, a point and 12 decimals"

  @Test(
    "every mistake has its path and says what to do",
    arguments: [
      (#"{"qouta": {}}"#, #"qouta: unknown key "qouta"; did you mean "quota"?"#),
      (#"{"charges": []}"#, #": "currency" is missing"#), (#"{"currency": "EUR"}"#, #": "charges" is missing"#),
      (
        #"{"currency": "eur", "charges": []}"#,
        #"currency: "eur" is no currency of ISO 4217; did you mean "EUR"?"#
      ),
      (#"{"prorate": true}"#, #"prorate: needs "valid_from", the day from which the month is split"#),
      (
        #"{"valid_from": "2026-02-30"}"#,
        #"valid_from: expected a month such as "2026-11" or a day such as "2026-11-16", from 2020 on; found "2026-02-30""#
      ),
      (
        #"{"versions": [{}], "quota": {"pages": 1}}"#,
        "quota: belongs into the versions, since this plan has a list of them"
      ),
      (#"{"versions": []}"#, "versions: must have at least 1 entry"),
      (
        #"{"versions": [{}, {"quota": {}}]}"#,
        #"versions[1]: "valid_from" is missing: only the first version can be without it"#
      ),
      (
        #"{"versions": [{"valid_from": "2026-03"}, {"valid_from": "2026-03-01"}]}"#,
        "versions[1].valid_from: 2026-03-01 is not later than the 2026-03-01 of the version before it"
      ),
      (
        #"{"versions": [{"currency": "EUR", "charges": []}, {"valid_from": "2026-03-20", "prorate": true}, {"valid_from": "2026-03-10", "prorate": true}, {"valid_from": "2026-03-25", "prorate": true, "currency": "USD", "charges": []}]}"#,
        "versions[2].valid_from: 2026-03-10 is not later than the 2026-03-20 of the version before it"
      ),
      (
        #"{"versions": [{"currency": "EUR", "charges": []}, {"valid_from": "2026-03-10", "prorate": true}, {"valid_from": "2026-03-10", "prorate": true}, {"valid_from": "2026-03-20", "prorate": true, "currency": "EUR", "charges": []}]}"#,
        "versions[2].valid_from: 2026-03-10 is not later than the 2026-03-10 of the version before it"
      ),
      (
        #"{"versions": [{"currency": "EUR", "charges": []}, {"valid_from": "2026-03-02", "prorate": true, "currency": "USD", "charges": []}]}"#,
        "versions[1].currency: a month cannot be split between EUR and USD; begin this version with a month"
      ),
      (
        #"{"versions": [{"currency": "EUR", "charges": []}, {"valid_from": "2026-03-05", "currency": "USD", "charges": []}, {"valid_from": "2026-03-20", "prorate": true, "currency": "USD", "charges": []}]}"#,
        "versions[2].currency: a month cannot be split between EUR and USD; begin this version with a month"
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "flatt", "amount": "1"}]}"#,
        #"charges[0].model: "flatt" is not known here; did you mean "flat"?"#
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "flat", "amount": 99.00}]}"#,
        #"charges[0].amount: expected an amount in quotes such as "0.012", found a number"#
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "flat", "amount": "1,50"}]}"#,
        #"charges[0].amount: \#(amounts); found "1,50""#
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "unit", "metric": "pages", "unit_price": "1", "price": "1"}]}"#,
        #"charges[0].price: unknown key "price"; known: discounts, metric, model, name, unit_price"#
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "volume", "metric": "pages", "tiers": [{"unit_price": "1"}, {"unit_price": "1"}]}]}"#,
        #"charges[0].tiers[0]: "up_to" is missing"#
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "volume", "metric": "pages", "tiers": [{"up_to": 5, "unit_price": "1"}]}]}"#,
        #"charges[0].tiers[0].up_to: the last tier is open: leave "up_to" out, or add a tier for what is above"#
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "volume", "metric": "pages", "tiers": [{"up_to": 5, "unit_price": "1"}, {"up_to": 5, "unit_price": "1"}, {"unit_price": "1"}]}]}"#,
        "charges[0].tiers[1].up_to: 5 is not above the 5 of the tier before it"
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "volume", "metric": "pages", "tiers": [{}]}]}"#,
        #"charges[0].tiers[0]: a tier needs "unit_price", "package_price" or "flat_amount""#
      ),
      (
        #"{"currency": "EUR", "charges": [], "minimum": "10", "maximum": "9.99"}"#,
        #"maximum: 9.99 is below the "minimum" of 10: no month can come to both"#
      ),
      (
        #"{"currency": "EUR", "charges": [], "maximum": "-1"}"#, #"maximum: \#(amounts); found "-1""#
      ),
      (
        #"{"currency": "EUR", "charges": [], "tax_included": true}"#,
        #"tax_included: needs "tax_percent", the tax that the amounts contain"#
      ),
      (
        #"{"currency": "EUR", "charges": [], "discounts": [{"percent": "100.01"}]}"#,
        #"discounts[0].percent: expected a percentage from 0 to 100 with at most four decimals, such as "19" or "8.1""#
      ),
      (
        #"{"currency": "EUR", "charges": [], "discounts": [{"percent": "1", "amount": "1"}]}"#,
        #"discounts[0]: a discount needs either "percent" or "amount""#
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "flat", "amount": "1", "discounts": [{"amount": "-1"}]}]}"#,
        #"charges[0].discounts[0].amount: \#(amounts); found "-1""#
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "volume", "metric": "pages", "tiers": []}]}"#,
        "charges[0].tiers: must have at least 1 entry"
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "volume", "metric": "pages", "tiers": [{"package_size": 0, "package_price": "1"}]}]}"#,
        "charges[0].tiers[0].package_size: expected a whole number from 1 to 1000000000000000, found 0"
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "volume", "metric": "pages", "tiers": [{"package_price": "1"}]}]}"#,
        #"charges[0].tiers[0]: "package_size" and "package_price" need each other: how many units a package has, and what it costs"#
      ),
      (
        #"{"currency": "EUR", "charges": [{"model": "volume", "metric": "pages", "tiers": [{"package_size": 5, "package_price": "1", "unit_price": "1"}]}]}"#,
        #"charges[0].tiers[0].unit_price: a tier is priced by units or by packages; remove "unit_price" or "package_price""#
      ),
      (
        #"{"versions": [{"currency": "EUR", "charges": [], "tax_percent": "19"}, {"valid_from": "2026-11-16", "prorate": true, "currency": "EUR", "charges": [], "tax_percent": "19", "tax_included": true}]}"#,
        "versions[1].tax_included: a month cannot be split between amounts with tax and without; begin this version with a month"
      ),
      (
        #"{"currency": "EUR", "charges": [], "tax_percent": "100.1"}"#,
        #"tax_percent: expected a percentage from 0 to 100 with at most four decimals, such as "19" or "8.1""#
      ),
    ])
  func mistakes(plan: String, message: String) throws {
    let error = #expect(throws: ServiceError.self) { try ConfigurationDecodingTests.decode(file(plan)) }
    let lines = try #require(error?.lines)
    #expect(lines.count == 1)
    let place = message.hasPrefix(":") ? "plans.p" : "plans.p."
    #expect(lines.first?.hasSuffix(" \(place)\(message)") == true, "\(lines)")
  }
}
