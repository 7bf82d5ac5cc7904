import QuotaCore

/// A month's use of one metric as a drawing: the days as columns, their sum as a line, what is expected as a band, the quota
/// and the levels as lines across, and the month before as a faint line.
///
/// It has no words but a few at its edges: the table behind it has the figures.
struct MonthChart {
  /// A line across, such as a level of a rule.
  struct Mark {
    let words: String
    let count: Int64
  }

  let metric: Metric
  let month: BillingMonth
  /// The ends of days as far as they are known, in their order; the last may be of a day that is not over.
  let days: [MonthDay]
  let before: [MonthDay]
  let quota: Int64?
  let marks: [Mark]
  let forecast: [Forecast.Point]
  /// What is drawn, in a sentence.
  let summary: String

  private static let width = 600.0
  private static let height = 260.0
  private static let (left, right, top, bottom) = (4.0, 4.0, 20.0, 24.0)
  /// The part of the height that the columns of days take.
  private static let columns = 0.3

  var markup: Markup {
    let parts = [grid, past, dayColumns, band, levels, line, edges]
    return Markup(
      "<svg class=\"chart \(metric.rawValue)\" viewBox=\"0 0 600 260\" role=\"img\" aria-label=\"\(summary.escapedForHTML)\">"
        + parts.joined() + "</svg>")
  }

  /// What the height stands for.
  private var highest: Int64 {
    let used = days.map { $0.counters[metric] }.max() ?? 0
    let expected = forecast.map(\.range.upperBound).max() ?? 0
    let shown = max(used, expected, before.map { $0.counters[metric] }.max() ?? 0, 1)
    // A quota far above everything would press the rest into the ground.
    let top = quota.map { Double($0) <= Double(shown) * 4 ? max($0, shown) : shown } ?? shown
    return max(Int64(min(Double(top) * 1.04, 9.0e18)), 1)
  }

  private func x(_ day: Double) -> Double {
    Self.left + (Self.width - Self.left - Self.right) * min(max(day / Double(month.dayCount), 0), 1)
  }

  private func y(_ value: Int64) -> Double {
    let share = min(max(Double(value) / Double(highest), 0), 1)
    return Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom)
  }

  /// With one decimal.
  private static func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }

  private func point(_ day: Double, _ value: Int64) -> String { "\(Self.text(x(day))) \(Self.text(y(value)))" }

  private static func path(_ name: String, _ points: [String], closed: Bool = false) -> String {
    points.count > 1 ? "<path class=\"\(name)\" d=\"M\(points.joined(separator: "L"))\(closed ? "Z" : "")\"/>" : ""
  }

  private func across(_ name: String, _ value: Int64) -> String {
    "<path class=\"\(name)\" d=\"M\(Self.text(Self.left)) \(Self.text(y(value)))H\(Self.text(Self.width - Self.right))\"/>"
  }

  private var grid: String { across("base", 0) }

  /// Of a longer month as many days as this one has.
  private var past: String {
    let shown = before.filter { $0.day <= month.dayCount }
    return Self.path(
      "before", (shown.first?.day == 1 ? [point(0, 0)] : []) + shown.map { point(Double($0.day), $0.counters[metric]) })
  }

  /// The last reading's place; of a day that is not over, not its end.
  private var end: Double {
    guard let last = days.last else { return 0 }
    return forecast.first.map { min($0.day, Double(last.day)) } ?? Double(last.day)
  }

  /// From the month's beginning, if its first day is known.
  private var points: [String] {
    (days.first?.day == 1 ? [point(0, 0)] : []) + days.dropLast().map { point(Double($0.day), $0.counters[metric]) }
      + days.suffix(1).map { point(end, $0.counters[metric]) }
  }

  private var line: String {
    guard let last = days.last else { return "" }
    let dot =
      "<circle class=\"now\" cx=\"\(Self.text(x(end)))\" cy=\"\(Self.text(y(last.counters[metric])))\" r=\"4\"/>"
    return Self.path("line", points) + dot
  }

  private var band: String {
    guard forecast.count > 1 else { return "" }
    let upper = forecast.map { point($0.day, $0.range.upperBound) }
    let lower = forecast.reversed().map { point($0.day, $0.range.lowerBound) }
    return Self.path("band", upper + lower, closed: true)
      + Self.path("expected", forecast.map { point($0.day, $0.expected) })
  }

  /// The use of each day, on a scale of its own. A correction downwards has no column.
  private var dayColumns: String {
    let steps = MonthDay.steps(days, metric)
    let most = steps.map(\.use).max() ?? 0
    guard most > 0 else { return "" }
    let room = (Self.height - Self.top - Self.bottom) * Self.columns
    let width = (x(1) - x(0)) * 0.62
    return steps.filter { $0.use > 0 }.map { step in
      let height = max(1, Double(step.use) / Double(most) * room)
      return "<rect class=\"day\" x=\"\(Self.text(x(Double(step.day) - 0.5) - width / 2))\" "
        + "y=\"\(Self.text(Self.height - Self.bottom - height))\" width=\"\(Self.text(width))\" height=\"\(Self.text(height))\"/>"
    }.joined()
  }

  /// The quota and the levels, each with its name above the line at the left, where there is room for it.
  private var levels: String {
    var texts: [Double] = []
    var parts = ""
    let all =
      (quota.map { [(words: "Quota \($0.grouped)", count: $0, name: "quota")] } ?? [])
      + marks.filter { $0.count != quota }.map { (words: $0.words, count: $0.count, name: "level") }
    for mark in all where mark.count <= highest {
      parts += across(mark.name, mark.count)
      let place = y(mark.count) - 5
      guard texts.allSatisfy({ abs($0 - place) >= 20 }) else { continue }
      texts.append(place)
      parts +=
        "<text class=\"\(mark.name)\" x=\"\(Self.text(Self.left + 4))\" y=\"\(Self.text(place))\">\(mark.words.escapedForHTML)</text>"
    }
    return parts
  }

  /// The first day, one in the middle, and the last.
  private var edges: String {
    let baseline = Self.text(Self.height - 7)
    func label(_ day: Int, _ anchor: String, _ place: Double) -> String {
      "<text class=\"axis\" x=\"\(Self.text(place))\" y=\"\(baseline)\" text-anchor=\"\(anchor)\">"
        + "\(DayText.day(month.firstDay + day - 1))</text>"
    }
    return label(1, "start", x(0) + 1) + label(15, "middle", x(14.5))
      + label(month.dayCount, "end", x(Double(month.dayCount)) - 1)
  }
}

extension MonthDay {
  /// What was used on each day of which that is known: what the counter grew by since the end of the day before.
  static func steps(_ days: [MonthDay], _ metric: Metric) -> [(day: Int, use: Int64)] {
    var before: (day: Int, count: Int64) = (0, 0)
    return days.compactMap { day in
      defer { before = (day.day, day.counters[metric]) }
      return before.day == day.day - 1 ? (day.day, day.counters[metric] - before.count) : nil
    }
  }
}
