/// What a file does to those lines of an invoice that earlier files had and it does not have.
package struct InvoiceChange {
  /// What it shows to be gone: the file retracts or replaces the invoice, or states a total that they would be part of and that
  /// its own lines come to.
  package let withdrawn: [InvoiceLine]
  /// What still counts, since the file may be one of two parts.
  package let kept: [InvoiceLine]
  /// Whether lines without ids are among the file's own or among those: they cannot be told from one another.
  package let wouldCountTwice: Bool

  /// - Parameters:
  ///   - lines: those of the invoice that the file has.
  ///   - missing: those that it does not have.
  ///   - totals: what the file says that the invoice comes to.
  ///   - isWhole: whether nothing but the file's lines is to count.
  package init(lines: [InvoiceLine], missing: [InvoiceLine], totals: [StatedTotal], isWhole: Bool) {
    let isVoid = !lines.isEmpty && lines.allSatisfy { $0.content.issueStatus == .voided }
    let judged = totals.map { (total: $0, isReached: $0.sum(of: lines) == $0.amount) }
    func isGone(_ line: InvoiceLine) -> Bool {
      if isWhole || isVoid { return true }
      let own = judged.filter { $0.total.currency == line.content.currency && $0.total.kind.includes(line.content) }
      return !own.isEmpty && own.allSatisfy(\.isReached)
    }
    withdrawn = missing.filter(isGone)
    kept = missing.filter { !isGone($0) }
    wouldCountTwice =
      !kept.isEmpty
      && (lines.contains { $0.key.fileOfRow != nil }
        || !lines.isEmpty && kept.contains { $0.key.fileOfRow != nil && !$0.content.claimsNothing })
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
