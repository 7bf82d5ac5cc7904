/// What is measured under one name, for monitoring systems that follow Prometheus' conventions
/// (prometheus.io/docs/practices/naming).
package struct MetricFamily: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// A value that may rise and fall.
    case gauge
    /// A count that only rises while the process lives; its samples are named `…_total`.
    case counter
    /// Facts in labels; the one sample is named `…_info` and is 1.
    case info
    /// How many values were at most so large, by the upper bounds of its buckets in rising order.
    case histogram
  }

  /// Without the endings that the kind brings. Ends with the unit, if there is one.
  package let name: String
  package let kind: Kind
  /// A base unit in the plural, such as `seconds`; nil for a plain number.
  package let unit: String?
  /// A sentence on what it is.
  package let help: String
  package var samples: [MetricSample]

  package init(_ name: String, _ kind: Kind, unit: String? = nil, _ help: String, samples: [MetricSample] = []) {
    self.name = unit.map { "\(name)_\($0)" } ?? name
    self.kind = kind
    self.unit = unit
    self.help = help
    self.samples = samples
  }
}

/// One value of a family.
package struct MetricSample: Hashable, Sendable {
  /// One label: what tells this sample from the family's others.
  package struct Label: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package let labels: [Label]
  package let value: Value

  package enum Value: Hashable, Sendable {
    case number(Double)
    /// How many values were in each bucket alone, the last of which has no bound, and the sum of all.
    case distribution(bounds: [Double], counts: [Int], sum: Double)
  }

  package init(_ labels: Label..., value: Double) {
    self.init(labels, .number(value))
  }

  package init(_ labels: [Label], _ value: Value) {
    self.labels = labels
    self.value = value
  }
}
