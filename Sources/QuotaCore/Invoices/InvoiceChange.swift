/// What a file changes of an invoice, beside the lines that it has.
package struct InvoiceChange {
  /// Whether the file is known to have all of the invoice: it retracts it, or has the total that it states. What it does
  /// not have is withdrawn then; otherwise it may be one of two parts.
  package let isWhole: Bool
  /// Whether its lines have no ids by which they could be told from earlier ones.
  package let wouldCountTwice: Bool

  /// - Parameters:
  ///   - lines: those of the invoice that the file has, while earlier files had others.
  ///   - totals: what the file says that the invoice comes to.
  ///   - isVoid: whether the file retracts the invoice.
  package init(lines: [InvoiceLine], totals: [StatedTotal], isVoid: Bool) {
    wouldCountTwice = lines.contains { $0.key.fileOfRow != nil }
    let sums = totals.filter { $0.kind != .tax }
    isWhole =
      isVoid || !lines.isEmpty && lines.allSatisfy { $0.content.issueStatus == .voided }
      || !sums.isEmpty && sums.allSatisfy { $0.sum(of: lines) == $0.amount }
  }
}

extension InvoiceLine {
  /// The line as one that claims nothing any more.
  package var withdrawn: InvoiceLine {
    var content = content
    content.isWithdrawn = true
    return InvoiceLine(key: key, content: content)
  }
}
