import Hummingbird
import QuotaCore
import Synchronization

/// How many requests this process has answered, and how long it took.
final class HTTPMetrics: Sendable {
  static let shared = HTTPMetrics()

  /// The upper bounds of the buckets, in seconds.
  private static let bounds = [0.005, 0.025, 0.1, 0.5, 2.5]

  private struct Key: Hashable, Comparable {
    let route: String
    let method: String
    let status: Int

    static func < (first: Key, second: Key) -> Bool {
      (first.route, first.method, first.status) < (second.route, second.method, second.status)
    }
  }

  private struct Answers {
    var counts = [Int](repeating: 0, count: HTTPMetrics.bounds.count + 1)
    var seconds = 0.0
  }

  private let answers = Mutex<[Key: Answers]>([:])

  /// - Parameter route: as it is declared, so that there are as many as routes: `/webhooks/{organization}`.
  func add(_ route: String, _ method: String, status: Int, seconds: Double) {
    let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    answers.withLock { answers in
      let key = Key(route: route, method: method, status: status)
      answers[key, default: Answers()].counts[bucket] += 1
      answers[key, default: Answers()].seconds += seconds
    }
  }

  var families: [MetricFamily] {
    let samples = answers.withLock { $0 }.sorted { $0.key < $1.key }.map { key, value in
      MetricSample(
        [
          .init("route", key.route), .init("method", key.method), .init("status", "\(key.status)"),
        ], .distribution(bounds: Self.bounds, counts: value.counts, sum: value.seconds))
    }
    return [
      MetricFamily(
        "quotawatch_http_request_duration", .histogram, unit: "seconds",
        "How long requests to this server took, by route, method and status.", samples: samples)
    ]
  }
}

/// Counts the answers.
struct HTTPMetricsMiddleware: RouterMiddleware {
  private static let methods: Set<String> = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    let response = try await next(request, context)
    let method = request.method.rawValue
    HTTPMetrics.shared.add(
      context.endpointPath ?? "unknown", Self.methods.contains(method) ? method : "other",
      status: response.status.code, seconds: start.duration(to: .now) / .seconds(1))
    return response
  }
}
