import QuotaCore
import Reports

/// A price calculation as an aligned table.
struct PriceTable {
  let heading: String
  private let currency: Currency
  private(set) var table = TextTable([
    .init("CHARGE", widths: 12...50), .init("MODEL", rank: 2), .init("QUANTITY", .right),
    .init("PRICE", .right), .init("UNROUNDED", .right, rank: 1), .init("ROUNDED", .right),
  ])

  init(_ calculation: PriceCalculation) {
    currency = calculation.currency
    let used = calculation.counters.counted.joined(separator: ", ")
    heading = "Plan \(calculation.plan), \(calculation.month), in \(currency): \(used)"
    for part in calculation.parts {
      if part.days != 1...calculation.month.dayCount { addHeading(of: part, in: calculation.month) }
      for line in part.lines { add(line) }
    }
    addSums(of: calculation)
  }

  private mutating func addHeading(of part: PriceCalculation.Part, in month: BillingMonth) {
    let first = CalendarDay(month, day: part.days.lowerBound)?.description ?? ""
    let last = CalendarDay(month, day: part.days.upperBound)?.description ?? ""
    table.add([.init("\(first) to \(last), \(part.days.count) of \(month.dayCount) days", color: .bold)])
  }

  private mutating func add(_ line: PriceCalculation.Line) {
    let (unrounded, rounded) = (currency.grouped(line.unrounded.decimal), currency.grouped(line.rounded))
    func row(_ name: String, _ model: String, quantity: Int64? = nil) {
      table.add([
        .init(name), .init(model), .init(quantity.map { $0.grouped } ?? ""), "", .init(unrounded), .init(rounded),
      ])
    }
    switch line.kind {
    case .minimum(let minimum): row("\(line.name) of \(currency.grouped(minimum))", "minimum")
    case .maximum(let maximum): row("\(line.name) of \(currency.grouped(maximum))", "maximum")
    case .discount(let discount, _): row("\(line.name) \(words(of: discount.size))", "discount")
    case .charge(let model, _):
      row(line.name, model.rawValue, quantity: line.quantity)
      if line.quantity != nil { for tier in line.tiers { add(tier) } }
    }
    if let share = line.share { table.add([.init("  for \(share.days) of \(share.of) days", color: .dim)]) }
  }

  private func words(of size: Discount.Size) -> String {
    switch size {
    case .percent(let percent): "of \(percent.grouped()) %"
    case .amount(let amount): "of \(currency.grouped(amount))"
    }
  }

  private mutating func add(_ tier: PricedTier) {
    let first = tier.firstUnit.grouped
    let range = tier.lastUnit.map { "\(first) to \($0.grouped)" } ?? "\(first) and more"
    let packages = tier.packages.map { ", \($0.counted("package"))" } ?? ""
    let units = ExactDecimal(tier.packages ?? tier.quantity) * tier.unitPrice
    guard !tier.unitPrice.isZero || tier.flatAmount.isZero else {
      // A step: nothing but its flat amount.
      table.add([
        .init("  \(range), flat amount"), "", .init(tier.quantity.grouped), "",
        .init(currency.grouped(tier.flatAmount)),
      ])
      return
    }
    table.add([
      .init("  \(range)\(packages)"), "", .init(tier.quantity.grouped),
      .init(currency.grouped(tier.unitPrice)), .init(currency.grouped(units)),
    ])
    if !tier.flatAmount.isZero {
      table.add(["    flat amount", "", "", "", .init(currency.grouped(tier.flatAmount))])
    }
  }

  private mutating func addSums(of calculation: PriceCalculation) {
    let subtotal = calculation.unroundedSubtotal.decimal
    if calculation.includesTax {
      // The lines add up to the total here.
      add("Total", nil, calculation.total)
      for tax in calculation.taxes { add("Tax \(tax.percent.grouped()) % in it", nil, tax.amount) }
      add("Subtotal", subtotal, calculation.subtotal)
    } else {
      add("Subtotal", subtotal, calculation.subtotal)
      for tax in calculation.taxes { add("Tax \(tax.percent.grouped()) %", nil, tax.amount) }
      add("Total", nil, calculation.total)
    }
  }

  private mutating func add(_ name: String, _ unrounded: ExactDecimal?, _ rounded: ExactDecimal) {
    table.add([
      .init(name, color: .bold), "", "", "", .init(unrounded.map(currency.grouped) ?? ""),
      .init(currency.grouped(rounded), color: .bold),
    ])
  }
}
