/// How a status stands out, with the same colours in statements, workbooks and pages.
package enum Emphasis: String, CaseIterable, Sendable {
  case good
  case open
  case bad
}

extension ReconciliationStatus {
  /// A sign that tells states apart without colour, and the status in words.
  package var words: String {
    switch self {
    case .matched: "✓ Matched"
    case .matchedWithinTolerance: "✓ Matched within tolerance"
    case .overBilled: "▲ Over-billed"
    case .underBilled: "▼ Under-billed"
    case .missingInvoice: "○ Not invoiced"
    case .missingUsage: "○ Usage was never read"
    case .pending: "… Pending"
    case .notComparable: "? Not comparable"
    case .disputed: "! Disputed"
    case .accepted: "✓ Accepted"
    }
  }

  /// How it stands out.
  package var emphasis: Emphasis {
    switch self {
    case .matched, .matchedWithinTolerance, .accepted: .good
    case .pending: .open
    case .overBilled, .underBilled, .missingInvoice, .missingUsage, .notComparable, .disputed: .bad
    }
  }
}

extension ReconciliationReason {
  /// As people read it.
  package var words: String {
    switch self {
    case .quantityVariance: "the quantities differ"
    case .unitPriceVariance: "the prices differ"
    case .rounding: "rounding"
    case .cutoffTiming: "executions around the month's turn"
    case .lateUsage: "late usage"
    case .correctionAfterClose: "corrected after the close"
    case .credit: "credit"
    case .tax: "tax"
    case .proration: "a part of the month"
    case .unknownLine: "line not understood"
    case .duplicateLine: "charged twice"
    case .invoiceTotal: "the total is not the sum of the lines"
    }
  }
}

extension PeriodStatus {
  /// As people read it.
  package var words: String {
    switch self {
    case .open: "Open: the vendor may still change the figures"
    case .settled: "Settled: the vendor's figures are final"
    case .closed: "Closed: the figures are frozen"
    }
  }
}

extension InvoiceIssueStatus {
  /// As people read it.
  package var words: String {
    switch self {
    case .open: "provisional"
    case .issued: "issued"
    case .voided: "voided"
    }
  }
}

extension ReconciliationEntry {
  /// What the row is about.
  package var title: String {
    if finding.reason == .invoiceTotal { return "Invoice as a whole" }
    return switch (category, metric) {
    case (_, .pages?): "Pages"
    case (_, .conversions?): "Conversions"
    case (.usage?, nil): "Usage"
    case (.purchase?, nil): "Fees"
    case (.tax?, nil): "Tax"
    case (.credit?, nil): "Credit"
    case (.adjustment?, nil): "Adjustment"
    case (nil, nil): "Not understood"
    }
  }
}
