/// Takes what a file of invoices says, line by line.
package protocol InvoiceSink: AnyObject {
  /// Takes a line; false if the file has had one with this id.
  func take(_ line: InvoiceLine) throws -> Bool

  /// Takes the line of a part that comes to nothing, which counts only where an earlier file of the invoice had it.
  func takeEmpty(_ part: InvoiceLine) throws

  /// Takes what the file says that an invoice comes to; the same may come with each of its lines.
  func take(_ total: StatedTotal) throws

  /// The totals of invoices of which the file has no lines; they are left out.
  func totalsWithoutLines() throws -> [StatedTotal]

  /// The totals of which there is more than one for an invoice, kind and currency, in this order.
  func ambiguousTotals() throws -> [StatedTotal]
}
