import FoundationEssentials
import QuotaCore
import Testing

@Suite("The rows of FOCUS")
struct FocusChargeTests {
  private func charges(_ calculation: PriceCalculation, zone: String = "UTC") throws -> [FocusCharge] {
    calculation.focusCharges(in: try #require(TimeZone(identifier: zone)))
  }

  @Test("are one for each tier, and one for each amount that a tier adds once")
  func tierRows() throws {
    let plan = try PricePlan.example(
      [.flat(amount: decimal("99")), .graduated(.pages, tiers("10: 0.333, 20: 0.25 + 5, 0.1"))], tax: "19")
    let charges = try self.charges(try plan.calculation(pages: 15))
    #expect(charges.map(\.category) == [.purchase, .usage, .usage, .purchase, .tax])
    #expect(
      charges.map(\.description)
        == [
          "Flat fee", "Pages, 1 to 10", "Pages, 11 to 20", "Pages, 11 to 20, flat amount",
          "Tax, 19 %",
        ])
    #expect(try charges.map(\.billedCost) == ["99", "3.33", "1.25", "5", "20.63"].map(decimal))
    #expect(try charges.map(\.contractedCost) == ["99", "3.33", "1.25", "5", "20.6302"].map(decimal))
    #expect(try charges.map { $0.pricing?.quantity } == [decimal("1"), decimal("10"), decimal("5"), decimal("1"), nil])
    #expect(charges.map { $0.pricing?.unit } == ["Months", "Pages", "Pages", "Months", nil])
    #expect(
      charges.map { $0.pricing?.skuPriceID } == ["example/1", "example/2/1", "example/2/11", "example/2/11/flat", nil])
    #expect(try charges.map(\.consumed) == [nil, decimal("10"), decimal("5"), nil, nil])
    #expect(charges.map(\.firstUnit) == [nil, 1, 11, 11, nil])
  }

  @Test("price packages by the package, and add what is missing to a minimum")
  func packagesAndMinimum() throws {
    let plan = try PricePlan.example(
      [.package(.pages, size: 100, price: decimal("5"), freeUnits: 100)], minimum: "20")
    let charges = try self.charges(try plan.calculation(pages: 201))
    #expect(charges.map(\.category) == [.usage, .usage, .adjustment])
    #expect(charges.map { $0.pricing?.unit } == ["Pages", "Packages", nil])
    #expect(try charges.map(\.billedCost) == ["0", "10", "10"].map(decimal))
    #expect(try charges.map(\.consumed) == [decimal("100"), decimal("101"), nil])
  }

  @Test("of a line share out its rounded amount, so that no cent is lost")
  func sharedRounding() throws {
    // 0.004 + 0.004 + 0.004 is 0.012: a cent, in the tier in which the sum first reaches half a cent.
    let plan = try PricePlan.example([.graduated(.pages, tiers("1: 0.004, 2: 0.004, 0.004"))])
    let charges = try self.charges(try plan.calculation(pages: 3))
    #expect(try charges.map(\.billedCost) == ["0", "0.01", "0"].map(decimal))
    #expect(try charges.map(\.contractedCost) == ["0.004", "0.004", "0.004"].map(decimal))
  }

  @Test("have a credit for what is taken off, and an adjustment for a limit")
  func reductions() throws {
    let prices = Prices(
      currency: try euro(),
      charges: [
        Charge(.unit(.pages, unitPrice: try decimal("0.5")), discounts: [try discount("10 %")]),
        Charge(.flat(amount: try decimal("60"))),
      ], discounts: [Discount(name: "Partner", .amount(try decimal("5")))], maximum: try decimal("90"),
      taxPercent: try decimal("10"))
    let calculation = try PricePlan(name: "p", versions: [.init(prices: prices)]).calculation(pages: 100)
    let charges = try self.charges(calculation)
    #expect(charges.map(\.category) == [.usage, .credit, .purchase, .credit, .adjustment, .tax])
    #expect(charges.map(\.description) == ["Pages, from 1", "Discount", "Flat fee", "Partner", "Maximum", "Tax, 10 %"])
    #expect(try charges.map(\.billedCost) == ["50", "-5", "60", "-5", "-10", "9"].map(decimal))
    #expect(try charges.map(\.contractedCost) == ["50", "-5", "60", "-5", "-10", "9"].map(decimal))
    #expect(charges.map { $0.pricing == nil } == [false, true, false, true, true, true])
    check(charges, calculation)
  }

  @Test("are without the tax that prices contain, and their prices too")
  func taxInside() throws {
    let plan = try PricePlan.example(
      [.flat(amount: decimal("0.99")), .unit(.pages, unitPrice: decimal("0.10"))], discounts: ["0.13"], tax: "10",
      includesTax: true)
    let calculation = try plan.calculation(pages: 7)
    let charges = try self.charges(calculation)
    // 0.99, 1.69 and 1.56 with tax are 0.90, 1.54 and 1.42 without.
    #expect(try charges.map(\.billedCost) == ["0.9", "0.64", "-0.12", "0.14"].map(decimal))
    #expect(charges[1].pricing?.unitPrice.description == "0.0909090909091")
    check(charges, calculation)
  }

  @Test("of a month that is split have the days of their version", arguments: [Prices.Rounding.line, .invoice])
  func splitMonth(rounding: Prices.Rounding) throws {
    func prices(_ price: String, tax: String) throws -> Prices {
      Prices(
        currency: try euro(),
        charges: [Charge(.flat(amount: try decimal("10"))), Charge(.unit(.pages, unitPrice: try decimal(price)))],
        rounding: rounding, taxPercent: try decimal(tax))
    }
    let plan = PricePlan(
      name: "split",
      versions: [
        .init(prices: try prices("0.07", tax: "19")),
        .init(
          validFrom: CalendarDay("2026-10-11"), prorates: true, prices: try prices("0.05", tax: "7")),
      ])
    let calculation = try plan.calculation(pages: 101, month: "2026-10")
    let charges = try self.charges(calculation, zone: "Europe/Berlin")
    #expect(
      charges.map { $0.period.lowerBound.iso8601.prefix(16) + " " + $0.period.upperBound.iso8601.prefix(16) }
        == [
          "2026-09-30T22:00 2026-10-10T22:00", "2026-09-30T22:00 2026-10-10T22:00",
          "2026-10-10T22:00 2026-10-31T23:00", "2026-10-10T22:00 2026-10-31T23:00",
          "2026-09-30T22:00 2026-10-31T23:00", "2026-09-30T22:00 2026-10-31T23:00",
        ])
    #expect(charges[2].pricePlan == "split@2026-10-11" && charges[2].pricing?.skuPriceID == "split@2026-10-11/1")
    #expect(charges[0].pricing?.quantity.description == "0.322580645161")
    check(charges, calculation)
  }

  @Test("add up to the calculation, and each cost is its price times its quantity")
  func sums() throws {
    var generator = SystemRandomNumberGenerator()
    func price() throws -> ExactDecimal {
      ExactDecimal(Int64.random(in: 0...99_999, using: &generator)).movingPoint(left: 5)
    }
    func someTiers(packages: Bool = false) throws -> Tiers {
      var upTo: Int64 = 0
      let bounded = try (0..<Int.random(in: 0...4)).map { _ in
        upTo += Int64.random(in: 1...50)
        let size = packages ? Int64.random(in: 1...9) : nil
        return Tiers.Bounded(
          upTo: upTo, price: .init(unitPrice: try price(), packageSize: size, flatAmount: try price()))
      }
      return Tiers(bounded, last: .init(unitPrice: try price(), flatAmount: try price()))
    }
    for _ in 0..<300 {
      let models: [Charge.Model] = try [
        .flat(amount: price()), .unit(.pages, unitPrice: price()), .graduated(.pages, someTiers()),
        .volume(.conversions, someTiers(packages: true)), .graduated(.pages, someTiers(packages: true)),
        .package(.pages, size: .random(in: 1...9), price: price(), freeUnits: 3),
        .included(.conversions, included: .random(in: 0...9), unitPrice: price()),
      ]
      let includesTax = Bool.random()
      let versions = try ["2026-10-01", "2026-10-12", "2026-10-13"].prefix(.random(in: 1...3)).map { day in
        PricePlan.Version(
          validFrom: CalendarDay(day), prorates: true,
          prices: Prices(
            currency: try #require(Currency("EUR")),
            charges: try models.shuffled().map { model in
              Charge(model, discounts: Bool.random() ? [] : [try discount("12.5 %")])
            }, discounts: try Bool.random() ? [] : [discount("9.99"), discount("33.3 %")],
            minimum: Bool.random() ? ExactDecimal(.random(in: 0...200)) : nil,
            maximum: Bool.random() ? ExactDecimal(.random(in: 200...400)) : nil, rounding: .invoice,
            taxPercent: try [includesTax ? .zero : nil, decimal("19"), decimal("7.7")].randomElement() ?? nil,
            includesTax: includesTax))
      }
      let byLine = versions.map { version in
        PricePlan.Version(
          validFrom: version.validFrom, prorates: true,
          prices: version.prices.map {
            Prices(
              currency: $0.currency, charges: $0.charges, discounts: $0.discounts, minimum: $0.minimum,
              maximum: $0.maximum, rounding: .line, taxPercent: $0.taxPercent, includesTax: $0.includesTax)
          })
      }
      for versions in [versions, byLine] {
        let calculation = try PricePlan(name: "p", versions: versions).calculation(
          pages: .random(in: 0...300), conversions: .random(in: 0...300), month: "2026-10")
        check(try charges(calculation), calculation)
      }
    }
  }

  private func check(_ charges: [FocusCharge], _ calculation: PriceCalculation) {
    let untaxed = charges.filter { $0.category != .tax }
    #expect(untaxed.map(\.billedCost).sum() == calculation.subtotal)
    #expect(charges.map(\.billedCost).sum() == calculation.total)
    let minorUnit = ExactDecimal(1).movingPoint(left: calculation.currency.minorUnit)
    for charge in charges {
      #expect(charge.billedCost == calculation.currency.rounded(charge.billedCost))
      #expect(!charge.billedCost.isNegative || charge.pricing == nil)
      if let pricing = charge.pricing {
        #expect(pricing.unitPrice * pricing.quantity == charge.contractedCost)
        #expect((charge.billedCost - charge.contractedCost).absolute < minorUnit + minorUnit)
      }
    }
  }
}
