import Foundation
import QuotaCore

extension String {
  /// The text in Unicode's composed form (NFC): `é` may be written as one character or as `e` and an accent, which Swift
  /// takes for the same text and a database for two.
  var composed: String {
    utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
  }
}

extension InvoiceLine {
  /// The line with composed ids.
  var composed: InvoiceLine {
    InvoiceLine(key: InvoiceLineKey(invoice: key.invoice.composed, line: key.line.composed), content: content)
  }
}

extension StatedTotal {
  /// The total of the invoice with the composed id.
  var composed: StatedTotal {
    StatedTotal(invoice: invoice.composed, kind: kind, currency: currency, amount: amount)
  }
}
