/// A text form in which monitoring systems read metrics.
package enum MetricsFormat: CaseIterable, Sendable {
  /// OpenMetrics 1.0 (github.com/prometheus/OpenMetrics).
  case openMetrics
  /// The older format of Prometheus, version 0.0.4, which the node exporter's textfile collector reads.
  case prometheus

  package var contentType: String {
    switch self {
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
    }
  }

  /// The format that a request is answered in: OpenMetrics where it is wanted at least as much as plain text.
  ///
  /// - Parameter accept: the request's `Accept` header.
  package init(accepting accept: String?) {
    var (open, plain) = (0.0, 0.0)
    for entry in (accept ?? "").lowercased().split(separator: ",") {
      let parts = entry.split(separator: ";").map { $0.filter { $0 != " " } }
      let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
      let versions = parts.filter { $0.hasPrefix("version=") }
      switch parts.first {
      case "application/openmetrics-text" where versions.allSatisfy { $0 == "version=1.0.0" }: open = max(open, quality)
      case "text/plain", "text/*", "*/*": plain = max(plain, quality)
      default: break
      }
    }
    self = open > 0 && open >= plain ? .openMetrics : .prometheus
  }

  /// The families as text, in their order. Families without samples are left out.
  package func text(_ families: [MetricFamily]) -> String {
    var text = ""
    for family in families where !family.samples.isEmpty { append(family, to: &text) }
    if self == .openMetrics { text += "# EOF\n" }
    return text
  }

  private func append(_ family: MetricFamily, to text: inout String) {
    let name = headName(of: family)
    text += "# HELP \(name) \(escaped(family.help))\n# TYPE \(name) \(typeName(of: family.kind))\n"
    if self == .openMetrics, let unit = family.unit { text += "# UNIT \(name) \(unit)\n" }
    for sample in family.samples {
      switch sample.value {
      case .number(let value):
        text += "\(family.name)\(suffix(of: family.kind))\(braced(sample.labels)) \(number(value))\n"
      case .distribution(let bounds, let counts, let sum):
        var count = 0
        for (bound, own) in zip(bounds.map(bucketBound) + ["+Inf"], counts) {
          count += own
          text += "\(family.name)_bucket\(braced(sample.labels + [.init("le", bound)])) \(count)\n"
        }
        text += "\(family.name)_sum\(braced(sample.labels)) \(number(sum))\n"
        text += "\(family.name)_count\(braced(sample.labels)) \(count)\n"
      }
    }
  }

  /// The older format names a family as its samples.
  private func headName(of family: MetricFamily) -> String {
    self == .openMetrics ? family.name : family.name + suffix(of: family.kind)
  }

  private func typeName(of kind: MetricFamily.Kind) -> String {
    switch kind {
    case .gauge: "gauge"
    case .counter: "counter"
    case .info: self == .openMetrics ? "info" : "gauge"
    case .histogram: "histogram"
    }
  }

  private func suffix(of kind: MetricFamily.Kind) -> String {
    switch kind {
    case .gauge, .histogram: ""
    case .counter: "_total"
    case .info: "_info"
    }
  }

  private func braced(_ labels: [MetricSample.Label]) -> String {
    guard !labels.isEmpty else { return "" }
    let pairs = labels.map { "\($0.name)=\"\(escaped($0.value, quote: true))\"" }
    return "{\(pairs.joined(separator: ","))}"
  }

  /// OpenMetrics wants the bound of a bucket as a floating-point number.
  private func bucketBound(_ bound: Double) -> String { "\(bound)" }

  private func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    if value == -.infinity { return "-Inf" }
    if value.isNaN { return "NaN" }
    return value == value.rounded() && abs(value) < 9_007_199_254_740_992 ? "\(Int64(value))" : "\(value)"
  }

  private func escaped(_ text: String, quote: Bool = false) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quote || self == .openMetrics: escaped += "\\\""
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
