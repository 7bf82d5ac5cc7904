import QuotaCore

/// A month's cumulative use as drawings in SVG, one for each metric with a scale of its own, told apart by their titles and
/// by solid and dashed lines as well as by colours. Dots are days that are known, lines connect them; a line of dots is the
/// quota.
struct UsageChart {
  let days: [MonthDay]
  /// 28 to 31.
  let dayCount: Int
  var quota = Quota()

  private static let width = 340
  private static let height = 150
  private static let (left, right, top, bottom) = (8, 8, 30, 22)
  /// Of every coordinate.
  private static let digits = (0...max(width, height)).map { Array(String($0).utf8) }
  private static var plotWidth: Int { width - left - right }
  private static var plotHeight: Int { height - top - bottom }

  /// The drawings; nil without any day.
  var svg: String? {
    guard !days.isEmpty else { return nil }
    return Metric.allCases.sorted(by: >).map { metric in
      """
      <svg viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-label="\(description(metric))">
      \(panel(metric))
      </svg>
      """
    }.joined(separator: "\n")
  }

  private func description(_ metric: Metric) -> String {
    let figures = MessageFormat.figures(used: days.last?.counters[metric] ?? 0, quota: quota[metric], metric: metric)
    return "Cumulative use up to day \(days.last?.day ?? 0): \(figures)"
  }

  private func panel(_ metric: Metric) -> String {
    let highest = max(days.lazy.map { $0.counters[metric] }.max() ?? 0, quota[metric] ?? 0, 0)
    var (points, dots): ([UInt8], [UInt8]) = ([], [])
    for day in days {
      let x = Self.digits[x(day.day)]
      let y = Self.digits[y(max(day.counters[metric], 0), highest)]
      points.append(" ")
      points += x
      points.append(",")
      points += y
      dots.append("M")
      dots += x
      dots.append(" ")
      dots += y
      dots.append("h0")
    }
    let base = Self.top + Self.plotHeight
    let end = Self.left + Self.plotWidth
    return """
      <text x="\(Self.left)" y="16" class="panel">\(metric == .pages ? "Pages" : "Conversions")</text>\
      <text x="\(end)" y="16" class="scale" text-anchor="end">\(highest.grouped)</text>
      <path d="M\(Self.left) \(Self.top)H\(end)M\(Self.left) \(base)H\(end)" class="axis"/>
      \(quota[metric].map { quotaLine($0, highest) } ?? "")\
      <polyline class="\(metric.rawValue)" points="\(Self.left),\(base)\(String(decoding: points, as: UTF8.self))"/>
      <path class="\(metric.rawValue) dots" d="\(String(decoding: dots, as: UTF8.self))"/>
      <text x="\(Self.left)" y="\(Self.height - 6)" class="scale">1</text>\
      <text x="\(end)" y="\(Self.height - 6)" class="scale" text-anchor="end">\(dayCount)</text>
      """
  }

  private func quotaLine(_ quota: Int64, _ highest: Int64) -> String {
    let (y, end) = (y(quota, highest), Self.left + Self.plotWidth)
    // Below the line where there is no room above it.
    let text = y - Self.top < 14 ? y + 12 : y - 4
    return """
      <path d="M\(Self.left) \(y)H\(end)" class="quota"/>\
      <text x="\(Self.left + 2)" y="\(text)" class="scale">Quota \(quota.grouped)</text>

      """
  }

  /// The end of a day.
  private func x(_ day: Int) -> Int {
    Self.left + Self.plotWidth * min(max(day, 0), dayCount) / max(dayCount, 1)
  }

  private func y(_ value: Int64, _ highest: Int64) -> Int {
    guard highest > 0 else { return Self.top + Self.plotHeight }
    let share = Int(Int128(value) * Int128(Self.plotHeight) / Int128(highest))
    return Self.top + Self.plotHeight - share
  }
}
