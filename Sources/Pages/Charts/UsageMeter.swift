import QuotaCore

/// How much of a quota is used, and is expected to be, as a bar.
struct UsageMeter {
  let used: Int64
  let quota: Int64
  /// What the month is expected to come to.
  let projected: Int64?

  /// The bar ends at the quota, or at what is used where that is more.
  var markup: Markup {
    let end = max(quota, used, 1)
    let (fill, mark) = (Self.part(used, of: end), Self.part(quota, of: end))
    let expected = projected.map { Self.part(min($0, end), of: end) }.flatMap { $0 > fill ? $0 : nil }
    let isOver = used >= quota
    return Markup(
      "<svg class=\"meter\(isOver ? " over" : "")\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        + "<rect class=\"track\" width=\"1000\" height=\"10\"/>"
        + (expected.map { "<rect class=\"expected\" width=\"\($0)\" height=\"10\"/>" } ?? "")
        + "<rect class=\"fill\" width=\"\(fill)\" height=\"10\"/>"
        + (used > quota ? "<rect class=\"mark\" x=\"\(max(0, mark - 4))\" width=\"8\" height=\"10\"/>" : "") + "</svg>")
  }

  /// In thousandths.
  private static func part(_ value: Int64, of end: Int64) -> Int {
    Int((Double(value) / Double(end) * 1_000).rounded())
  }
}
