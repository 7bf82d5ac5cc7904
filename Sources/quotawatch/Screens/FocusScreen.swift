import QuotaCore
import Reports

/// What plans say that months cost, on a terminal.
struct FocusScreen {
  private(set) var table = TextTable([
    .init("ORGANIZATION", widths: 10...28, keeping: 20), .init("MONTH"), .init("CHARGE", widths: 12...44),
    .init("QUANTITY", .right, rank: 2), .init("UNIT PRICE", .right, rank: 1), .init("COST", .right),
  ])

  init(_ months: [FocusMonth]) {
    for month in months {
      for charge in month.charges {
        table.add([
          .init(month.organization.rawValue), .init(month.month.description), .init(charge.description),
          .init(charge.pricing?.quantity.grouped() ?? ""), .init(charge.pricing?.unitPrice.grouped() ?? ""),
          .init(Money(charge.billedCost, month.currency).description),
        ])
      }
    }
    for (currency, months) in Dictionary(grouping: months, by: \.currency).sorted(by: { $0.key < $1.key }) {
      let total = months.flatMap(\.charges).map(\.billedCost).sum()
      table.add([.init("total", color: .bold), "", "", "", "", .init(Money(total, currency).description, color: .bold)])
    }
  }
}
