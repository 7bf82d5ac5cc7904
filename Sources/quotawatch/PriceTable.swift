import QuotaCore
import Reports

/// A price calculation as an aligned table.
struct PriceTable {
  let heading: String
  private let currency: Currency
  private var table = TextTable([
    .init("CHARGE", maximumWidth: 50), .init("MODEL"), .init("QUANTITY", .right), .init("PRICE", .right),
    .init("UNROUNDED", .right), .init("ROUNDED", .right),
  ])

  init(_ calculation: PriceCalculation) {
    currency = calculation.currency
    let used = Metric.allCases.map { "\(calculation.counters[$0].grouped) \($0)" }
    heading = "Plan \(calculation.plan), \(calculation.month), in \(currency): \(used.joined(separator: ", "))"
    for part in calculation.parts {
      if part.days != 1...calculation.month.dayCount { addHeading(of: part, in: calculation.month) }
      for line in part.lines { add(line) }
    }
    add("Subtotal", calculation.unroundedSubtotal.decimal, calculation.subtotal)
    for tax in calculation.taxes { add("Tax \(tax.percent) %", nil, tax.amount) }
    add("Total", nil, calculation.total)
  }

  func render(colored: Bool) -> String { table.render(colored: colored) }

  private mutating func addHeading(of part: PriceCalculation.Part, in month: BillingMonth) {
    let first = CalendarDay(month, day: part.days.lowerBound)?.description ?? ""
    let last = CalendarDay(month, day: part.days.upperBound)?.description ?? ""
    table.add([.init("\(first) to \(last), \(part.days.count) of \(month.dayCount) days", color: .bold)])
  }

  private mutating func add(_ line: PriceCalculation.Line) {
    let (unrounded, rounded) = (currency.text(line.unrounded.decimal), currency.text(line.rounded))
    switch line.kind {
    case .minimum(let minimum):
      table.add([
        .init("\(line.name) of \(currency.text(minimum))"), "minimum", "", "", .init(unrounded), .init(rounded),
      ])
    case .charge(let model, _):
      table.add([
        .init(line.name), .init(model.rawValue), .init(line.quantity.map { $0.grouped } ?? ""), "",
        .init(unrounded), .init(rounded),
      ])
      if line.quantity != nil { for tier in line.tiers { add(tier) } }
    }
    if let share = line.share { table.add([.init("  for \(share.days) of \(share.of) days", color: .dim)]) }
  }

  private mutating func add(_ tier: PricedTier) {
    let first = tier.firstUnit.grouped
    let range = tier.lastUnit.map { "\(first) to \($0.grouped)" } ?? "\(first) and more"
    let packages = tier.packages.map { ", \($0.grouped) \($0 == 1 ? "package" : "packages")" } ?? ""
    let units = ExactDecimal(tier.packages ?? tier.quantity) * tier.unitPrice
    table.add([
      .init("  \(range)\(packages)"), "", .init(tier.quantity.grouped),
      .init(currency.text(tier.unitPrice)), .init(currency.text(units)),
    ])
    if !tier.flatAmount.isZero {
      table.add(["    flat amount", "", "", "", .init(currency.text(tier.flatAmount))])
    }
  }

  private mutating func add(_ name: String, _ unrounded: ExactDecimal?, _ rounded: ExactDecimal) {
    table.add([
      .init(name, color: .bold), "", "", "", .init(unrounded.map(currency.text) ?? ""),
      .init(currency.text(rounded), color: .bold),
    ])
  }
}
