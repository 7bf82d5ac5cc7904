import CoreMetrics
import QuotaCore
import Synchronization

/// What the libraries of this process measure by swift-metrics, kept until somebody collects it.
///
/// A label becomes a name by Prometheus' conventions, and a dimension a label: `http.route` is `http_route`.
final class MetricsRegistry: MetricsFactory {
  /// The one that swift-metrics is given, the first time that somebody asks for it.
  static let shared: MetricsRegistry = {
    let registry = MetricsRegistry()
    MetricsSystem.bootstrap(registry)
    return registry
  }()

  private struct Key: Hashable, Comparable {
    let label: String
    let dimensions: [MetricSample.Label]

    static func < (first: Key, second: Key) -> Bool {
      ([first.label] + first.dimensions.map(\.value)).lexicographicallyPrecedes(
        [second.label] + second.dimensions.map(\.value))
    }
  }

  private let instruments = Mutex<[Key: any Instrument]>([:])

  /// Everything that was measured, by name.
  var families: [MetricFamily] {
    var families: [MetricFamily] = []
    for (key, instrument) in instruments.withLock({ $0 }).sorted(by: { $0.key < $1.key })
    where !Self.meaningless.contains(key.label) {
      let family = Self.family(key.label, instrument)
      if families.last?.name != family.name { families.append(family) }
      families[families.count - 1].samples.append(MetricSample(key.dimensions, instrument.value))
    }
    return families
  }

  private static func family(_ label: String, _ instrument: any Instrument) -> MetricFamily {
    let (name, help) = names[label] ?? (label.underscored, "Measured by the libraries of this process.")
    return MetricFamily("quotawatch_\(name)", instrument.kind, unit: instrument.unit, help)
  }

  /// What Hummingbird has of every route and status, always 0 where answers are errors by their status alone.
  private static let meaningless: Set = ["hb.request.errors"]

  /// What Hummingbird measures.
  private static let names = [
    "hb.requests": ("http_server_requests", "How many requests were answered, by route, method and status."),
    "http.server.active_requests": ("http_server_active_requests", "How many requests are being answered."),
    "http.server.request.duration": (
      "http_server_request_duration", "How long requests took, by route, method and status."
    ),
  ]

  private func instrument<Kept: Instrument>(_ label: String, _ dimensions: [(String, String)], _ new: Kept) -> Kept {
    let key = Key(label: label, dimensions: dimensions.map { .init($0.0.underscored, $0.1) })
    return instruments.withLock { instruments in
      if let kept = instruments[key] as? Kept { return kept }
      instruments[key] = new
      return new
    }
  }

  private func drop(_ instrument: AnyObject) {
    instruments.withLock { $0 = $0.filter { $0.value !== instrument } }
  }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    instrument(label, dimensions, CounterInstrument())
  }

  func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
    instrument(label, dimensions, CounterInstrument())
  }

  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    instrument(label, dimensions, GaugeInstrument())
  }

  func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    aggregate
      ? instrument(label, dimensions, HistogramInstrument(unit: nil)) : instrument(label, dimensions, GaugeInstrument())
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    instrument(label, dimensions, HistogramInstrument(unit: "seconds"))
  }

  func destroyCounter(_ handler: any CounterHandler) { drop(handler) }
  func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { drop(handler) }
  func destroyMeter(_ handler: any MeterHandler) { drop(handler) }
  func destroyRecorder(_ handler: any RecorderHandler) { drop(handler) }
  func destroyTimer(_ handler: any TimerHandler) { drop(handler) }
}

extension String {
  fileprivate var underscored: String { String(map { $0.isLetter || $0.isNumber ? $0 : "_" }) }
}
