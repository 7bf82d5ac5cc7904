import CoreMetrics
import QuotaCore
import Synchronization

/// Something that measures, and can be asked what it has measured.
protocol Instrument: AnyObject, Sendable {
  var kind: MetricFamily.Kind { get }
  /// A base unit in the plural; nil for a plain number.
  var unit: String? { get }
  var value: MetricSample.Value { get }
}

/// What only grows.
final class CounterInstrument: Instrument, CounterHandler, FloatingPointCounterHandler {
  let kind = MetricFamily.Kind.counter
  let unit: String? = nil
  private let sum = Mutex(0.0)

  var value: MetricSample.Value { .number(sum.withLock { $0 }) }

  func increment(by amount: Int64) { increment(by: Double(amount)) }
  func increment(by amount: Double) { sum.withLock { $0 += amount } }
  func reset() { sum.withLock { $0 = 0 } }
}

/// What rises and falls.
final class GaugeInstrument: Instrument, MeterHandler, RecorderHandler {
  let kind = MetricFamily.Kind.gauge
  let unit: String? = nil
  private let level = Mutex(0.0)

  var value: MetricSample.Value { .number(level.withLock { $0 }) }

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { level.withLock { $0 = value } }
  func increment(by amount: Double) { level.withLock { $0 += amount } }
  func decrement(by amount: Double) { level.withLock { $0 -= amount } }
  func record(_ value: Int64) { set(value) }
  func record(_ value: Double) { set(value) }
}

/// How many values there were of which size.
final class HistogramInstrument: Instrument, TimerHandler, RecorderHandler {
  private struct Values {
    var counts = [Int](repeating: 0, count: HistogramInstrument.bounds.count + 1)
    var sum = 0.0
  }

  /// The upper bounds of the buckets; made for seconds.
  private static let bounds = [0.005, 0.025, 0.1, 0.5, 2.5]

  let kind = MetricFamily.Kind.histogram
  let unit: String?
  private let values = Mutex(Values())

  init(unit: String?) {
    self.unit = unit
  }

  var value: MetricSample.Value {
    let values = values.withLock { $0 }
    return .distribution(bounds: Self.bounds, counts: values.counts, sum: values.sum)
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    let bucket = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
    values.withLock { values in
      values.counts[bucket] += 1
      values.sum += value
    }
  }
}
