/// What an invoice itself says that its lines come to.
package struct StatedTotal: Hashable, Sendable {
  package enum Kind: String, Hashable, CaseIterable, Comparable, Sendable {
    /// Before tax.
    case net
    case tax
    /// With tax.
    case total

    package static func < (first: Kind, second: Kind) -> Bool { first.rawValue < second.rawValue }

    /// Whether a line is one of those that the total is of.
    package func includes(_ line: InvoiceLineContent) -> Bool {
      switch self {
      case .net: line.category != .tax
      case .tax: line.category == .tax
      case .total: true
      }
    }

    package var words: String {
      switch self {
      case .net: "total before tax"
      case .tax: "tax"
      case .total: "total"
      }
    }
  }

  package let invoice: String
  package let kind: Kind
  package let currency: Currency
  /// In the currency's major unit.
  package let amount: ExactDecimal

  package init(invoice: String, kind: Kind, currency: Currency, amount: ExactDecimal) {
    self.invoice = invoice
    self.kind = kind
    self.currency = currency
    self.amount = amount
  }

  /// What lines of the invoice come to.
  package func sum(of lines: some Sequence<InvoiceLine>) -> ExactDecimal {
    lines.map(\.content)
      .filter { !$0.isWithdrawn && $0.currency == currency && kind.includes($0) }.map(\.amount).sum()
  }
}
