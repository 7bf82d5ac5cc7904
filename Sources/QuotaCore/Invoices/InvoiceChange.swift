/// What a file changes of an invoice, beside the lines that it has.
package struct InvoiceChange {
  /// The lines that earlier files had and this one does not have.
  package let missing: [InvoiceLine]
  /// Parts that came to something in an earlier file and come to nothing now.
  package let emptiedParts: [InvoiceLine]
  /// Whether the file is known to have all of the invoice: it retracts it, or has the total that it states. What it does
  /// not have is withdrawn then; otherwise it may be one of two parts.
  package let isWhole: Bool
  /// Whether its lines have no ids by which they could be told from earlier ones.
  package let wouldCountTwice: Bool

  /// - Parameters:
  ///   - lines: those of the invoice that the file has.
  ///   - emptyParts: likewise those of parts that come to nothing.
  ///   - totals: what the file says that the invoice comes to.
  ///   - isVoid: whether the file retracts the invoice.
  ///   - earlier: the invoice's present lines.
  fileprivate init(
    lines: [InvoiceLine], emptyParts: [InvoiceLine], totals: [StatedTotal], isVoid: Bool, earlier: [InvoiceLine]
  ) {
    let known = Set(earlier.map(\.key))
    emptiedParts = emptyParts.filter { known.contains($0.key) }
    let present = Set((lines + emptiedParts).map(\.key))
    missing = earlier.filter { !$0.content.isWithdrawn && !present.contains($0.key) }
    wouldCountTwice = !missing.isEmpty && lines.contains { $0.key.fileOfRow != nil }
    let sums = totals.filter { $0.kind != .tax }
    isWhole =
      isVoid || !lines.isEmpty && lines.allSatisfy { $0.content.issueStatus == .voided }
      || !sums.isEmpty && sums.allSatisfy { $0.sum(of: lines) == $0.amount }
  }
}

extension InvoiceFile {
  /// What the file changes of each of its invoices that is stored already, in the order of their ids.
  ///
  /// - Parameter earlier: the present lines of an invoice.
  package func changes(
    earlier: (_ invoice: String) throws -> [InvoiceLine]
  ) rethrows -> [(invoice: String, change: InvoiceChange)] {
    let own = Dictionary(grouping: lines.indices) { lines[$0].key.invoice }
    let ownParts = Dictionary(grouping: emptyParts.indices) { emptyParts[$0].key.invoice }
    let ownTotals = Dictionary(grouping: totals, by: \.invoice)
    return try Set(own.keys).union(voided).sorted().compactMap { invoice in
      let earlier = try earlier(invoice)
      guard !earlier.isEmpty else { return nil }
      let change = InvoiceChange(
        lines: (own[invoice] ?? []).map { lines[$0] }, emptyParts: (ownParts[invoice] ?? []).map { emptyParts[$0] },
        totals: ownTotals[invoice] ?? [], isVoid: voided.contains(invoice), earlier: earlier)
      return (invoice, change)
    }
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
