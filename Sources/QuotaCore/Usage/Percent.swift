/// Percentages of whole numbers.
package enum Percent {
  /// So many percent, rounded down, so that 99.9 % never reads as 100 %; nil where there is no quota to divide by.
  package static func whole(_ used: Int64, of quota: Int64) -> Int64? {
    guard quota > 0 else { return nil }
    let (product, overflow) = used.multipliedReportingOverflow(by: 100)
    return overflow ? used / quota * 100 : product / quota
  }
}
