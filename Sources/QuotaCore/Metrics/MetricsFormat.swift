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

  /// The families as text in UTF-8, in their order. Families without samples are left out.
  package func bytes(_ families: [MetricFamily]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(families.reduce(64) { $0 + 256 + 96 * $1.samples.count })
    for family in families where !family.samples.isEmpty { append(family, to: &bytes) }
    if self == .openMetrics { bytes += "# EOF\n".utf8 }
    return bytes
  }

  private func append(_ family: MetricFamily, to bytes: inout [UInt8]) {
    let name = headName(of: family)
    bytes += "# HELP \(name) \(escaped(family.help, quote: self == .openMetrics))\n".utf8
    bytes += "# TYPE \(name) \(typeName(of: family.kind))\n".utf8
    if self == .openMetrics, let unit = family.unit { bytes += "# UNIT \(name) \(unit)\n".utf8 }
    let sampleName = family.name + suffix(of: family.kind)
    for sample in family.samples {
      switch sample.value {
      case .number(let value):
        append(sampleName, sample.labels, number(value), to: &bytes)
      case .distribution(let bounds, let counts, let sum):
        var count = 0
        for (bound, own) in zip(bounds.map(bucketBound) + ["+Inf"], counts) {
          count += own
          append("\(family.name)_bucket", sample.labels + [.init("le", bound)], "\(count)", to: &bytes)
        }
        append("\(family.name)_sum", sample.labels, number(sum), to: &bytes)
        append("\(family.name)_count", sample.labels, "\(count)", to: &bytes)
      }
    }
  }

  /// Adds a sample's line.
  private func append(_ name: String, _ labels: [MetricSample.Label], _ value: String, to bytes: inout [UInt8]) {
    bytes += name.utf8
    for (index, label) in labels.enumerated() {
      bytes += (index == 0 ? "{" : ",").utf8
      bytes += label.name.utf8
      bytes += "=\"".utf8
      bytes += escaped(label.value, quote: true).utf8
      bytes += "\"".utf8
    }
    bytes += (labels.isEmpty ? " " : "} ").utf8
    bytes += value.utf8
    bytes += "\n".utf8
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

  /// OpenMetrics wants the bound of a bucket as a floating-point number.
  private func bucketBound(_ bound: Double) -> String { "\(bound)" }

  private func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    if value == -.infinity { return "-Inf" }
    if value.isNaN { return "NaN" }
    return value == value.rounded() && abs(value) < 9_007_199_254_740_992 ? "\(Int64(value))" : "\(value)"
  }

  private func escaped(_ text: String, quote: Bool) -> String {
    let isPlain = text.utf8.allSatisfy {
      $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\n") && ($0 != UInt8(ascii: "\"") || !quote)
    }
    guard !isPlain else { return text }
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quote: escaped += "\\\""
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
