/// What a plan takes off what it charges.
package struct Discount: Hashable, Sendable {
  /// What the line of the invoice is called.
  package let name: String
  package let size: Size

  package init(name: String = "Discount", _ size: Size) {
    self.name = name
    self.size = size
  }

  package enum Size: Hashable, Sendable {
    /// From 0 to 100, of what is left when the discounts before it are taken off.
    case percent(ExactDecimal)
    /// Once a month, but never more than is left.
    case amount(ExactDecimal)
  }
}

extension Discount {
  package static let shape = Shape.object(
    Fields(
      Field("name", .line(atMost: 100), .usually("Discount"), "What the line of the invoice is called."),
      Field("percent", .exactPercentage, .optional, "The part that is taken off."),
      Field("amount", .amount, .optional, "What is taken off once a month, as far as there is so much.")
    ) { (name: $0, percent: $1, amount: $2) }
    .withOne(of: ["percent", "amount"], else: "a discount needs either \"percent\" or \"amount\"")
    .map { Discount(name: $0.name, $0.percent.map { .percent($0) } ?? .amount($0.amount ?? .zero)) }
  )
  .named("discount", "What is taken off, as a line of its own.")
}
