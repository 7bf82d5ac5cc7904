import QuotaCore
import Testing

@Suite("What a month costs")
struct PriceCalculationTests {
  @Test("a plan of every model adds up line by line")
  func everyModel() throws {
    let plan = try PricePlan.example(
      [
        .flat(amount: decimal("99.00")), .unit(.conversions, unitPrice: decimal("0.02")),
        .graduated(.pages, tiers("10000: 0.01 + 5.00, 0.008")), .volume(.pages, tiers("10000: 0.01, 0.008")),
        .package(.pages, size: 1_000, price: decimal("8.00"), freeUnits: 100),
        .included(.pages, included: 10_000, unitPrice: decimal("0.012")),
      ], tax: "19")
    let calculation = try plan.calculation(pages: 12_345, conversions: 678)
    let expected = try ["99", "13.56", "123.76", "98.76", "104", "28.14"].map(decimal)
    #expect(calculation.lines.map(\.rounded) == expected)
    #expect(calculation.lines.map(\.name) == ["Flat fee", "Conversions", "Pages", "Pages", "Pages", "Pages"])
    #expect(try calculation.subtotal == decimal("467.22"))
    #expect(try calculation.tax == decimal("88.77"))
    #expect(try calculation.total == decimal("555.99"))
  }

  @Test("tiers say which units they are of, what each costs and how many were used")
  func tiersInDetail() throws {
    let plan = try PricePlan.example([.graduated(.pages, tiers("10: 2 + 1, 20: 1, 0.5 + 7"))])
    let tiers = try plan.calculation(pages: 25).lines[0].tiers
    #expect(tiers.map(\.firstUnit) == [1, 11, 21])
    #expect(tiers.map(\.lastUnit) == [10, 20, nil])
    #expect(tiers.map(\.quantity) == [10, 10, 5])
    #expect(try tiers.map(\.amount) == ["21", "10", "9.5"].map(decimal))
    // A border belongs to the tier below it.
    #expect(try plan.calculation(pages: 20).lines[0].tiers.count == 2)
    let volume = try PricePlan.example([.volume(.pages, self.volume())]).calculation(pages: 10).lines[0].tiers
    #expect(volume.map(\.lastUnit) == [10])
  }

  private func volume() throws -> Tiers { try tiers("10: 2, 1") }

  @Test("a month without usage costs the first tier's flat amount only if the plan says so", arguments: [true, false])
  func zeroUsage(bills: Bool) throws {
    let tiers = try tiers("10: 1 + 4, 2 + 8")
    let plan = try PricePlan.example(
      [.flat(amount: decimal("3")), .graduated(.pages, tiers), .volume(.conversions, tiers)], billsZeroUsage: bills)
    #expect(try plan.calculation(pages: 0).subtotal == decimal(bills ? "11" : "3"))
    // Each charge goes by its own counter.
    #expect(try plan.calculation(pages: 1).subtotal == decimal(bills ? "12" : "8"))
  }

  @Test("units that are included or free cost nothing, and one more costs")
  func freeUnits() throws {
    let plan = try PricePlan.example([.included(.pages, included: 10, unitPrice: decimal("0.5"))])
    #expect(try [0, 9, 10].map { try plan.calculation(pages: $0).subtotal } == [.zero, .zero, .zero])
    #expect(try plan.calculation(pages: 11).subtotal == decimal("0.5"))
    #expect(try plan.calculation(pages: 11).lines[0].tiers.map(\.quantity) == [10, 1])
  }

  @Test(
    "amounts are rounded half away from zero to the currency's minor unit",
    arguments: [
      ("JPY", "0.5", 1, "1"), ("JPY", "0.5", 3, "2"), ("JPY", "0.4", 1, "0"), ("KWD", "0.0005", 1, "0.001"),
      ("KWD", "0.0005", 3, "0.002"), ("EUR", "0.005", 1, "0.01"), ("EUR", "0.015", 1, "0.02"),
      ("EUR", "0.025", 1, "0.03"), ("EUR", "1.005", 1, "1.01"), ("EUR", "0.000000000001", 4_999_999_999, "0"),
      ("EUR", "0.000000000001", 5_000_000_000, "0.01"), ("CLF", "0.00005", 1, "0.0001"),
    ])
  func rounding(currency: String, price: String, quantity: Int64, amount: String) throws {
    let plan = try PricePlan.example([.unit(.pages, unitPrice: decimal(price))], currency: currency)
    let calculation = try plan.calculation(pages: quantity)
    #expect(try calculation.subtotal == decimal(amount))
    #expect(try calculation.lines[0].unrounded.decimal == ExactDecimal(quantity) * decimal(price))
  }

  @Test("the largest counters and the finest prices stay exact")
  func large() throws {
    let plan = try PricePlan.example([
      .unit(.pages, unitPrice: decimal("999999999999999.999999999999")),
      .graduated(.pages, tiers("1: 0.000000000001, 0.000000000003")),
    ])
    let calculation = try plan.calculation(pages: .max)
    #expect(
      calculation.lines.map(\.unrounded.decimal.description) == [
        "9223372036854775806999999990776627.963145224193", "27670116.110564327419",
      ])
    #expect(calculation.subtotal.description == "9223372036854775807000000018446744.07")
  }

  @Test("lines are rounded one by one, or the invoice as a whole")
  func roundingModes() throws {
    let thirds = try (0..<3).map { _ in Charge.Model.unit(.pages, unitPrice: try decimal("0.004")) }
    let byLine = try PricePlan.example(thirds).calculation(pages: 1)
    #expect(byLine.subtotal == .zero)
    #expect(try byLine.unroundedSubtotal.decimal == decimal("0.012"))
    let byInvoice = try PricePlan.example(thirds, rounding: .invoice, tax: "50").calculation(pages: 1)
    #expect(try byInvoice.subtotal == decimal("0.01"))
    #expect(try byInvoice.tax == decimal("0.01"))
  }

  @Test("what is missing to a minimum is a line of its own, before tax")
  func minimum() throws {
    let plan = try PricePlan.example(
      [.unit(.pages, unitPrice: decimal("0.015"))], minimum: "10", rounding: .line, tax: "10")
    let calculation = try plan.calculation(pages: 1)
    #expect(try calculation.lines.map(\.rounded) == ["0.02", "9.98"].map(decimal))
    #expect(try calculation.total == decimal("11"))
    let exact = try PricePlan.example(
      [.unit(.pages, unitPrice: decimal("0.015"))], minimum: "10", rounding: .invoice
    ).calculation(pages: 1)
    #expect(try exact.lines.map(\.unrounded.decimal) == ["0.015", "9.985"].map(decimal))
    #expect(try exact.subtotal == decimal("10"))
    // Even without any charge.
    #expect(try PricePlan.example([], minimum: "10").calculation(pages: 0).subtotal == decimal("10"))
  }

  @Test("a plan without prices expects nothing, and one without charges expects zero")
  func withoutPrices() throws {
    let month = try #require(BillingMonth("2026-11"))
    let quotaOnly = PricePlan(name: "p", versions: [.init(quota: Quota(pages: 1))])
    #expect(quotaOnly.calculation(of: month, .zero) == nil)
    let free = Organization(id: OrganizationID("a"), plan: "p", pricePlan: try .example([]))
    #expect(free.expectedAmount(of: month, .zero) == Money(.zero, try euro()))
    #expect(Organization(id: OrganizationID("a")).expectedAmount(of: month, .zero) == nil)
  }

  @Test("no cent is lost: random plans against the definitions of the models")
  func properties() throws {
    for _ in 0..<60 {
      let borders = Set((0..<Int.random(in: 0...4)).map { _ in Int64.random(in: 1...60) }).sorted()
      func price() throws -> Tiers.Price {
        .init(
          unitPrice: ExactDecimal(.random(in: 0...99_999)).movingPoint(left: .random(in: 0...5)),
          flatAmount: ExactDecimal(.random(in: 0...999)).movingPoint(left: 2))
      }
      let tiers = Tiers(try borders.map { .init(upTo: $0, price: try price()) }, last: try price())
      let plan = try PricePlan.example([.graduated(.pages, tiers)], rounding: .invoice)
      var (before, sum) = (ExactDecimal.zero, ExactDecimal.zero)
      for quantity in 0...70 as ClosedRange<Int64> {
        let line = try plan.calculation(pages: quantity).lines[0]
        // Unit by unit, as a graduated price is defined: each at the price of the tier that it lies in.
        let index = borders.firstIndex { quantity <= $0 } ?? borders.count
        let tier = index < borders.count ? tiers.bounded[index].price : tiers.last
        let entersTier = quantity == 0 || (quantity > 1 && borders.contains(quantity - 1))
        sum += (quantity > 0 ? tier.unitPrice : .zero) + (entersTier ? tier.flatAmount : .zero)
        #expect(line.unrounded == ExactQuotient(sum), "\(tiers) at \(quantity)")
        #expect(line.tiers.map(\.amount).sum() == sum)
        #expect(line.tiers.map(\.quantity).reduce(0, +) == quantity)
        #expect(before <= sum)
        before = sum
      }
    }
  }
}
