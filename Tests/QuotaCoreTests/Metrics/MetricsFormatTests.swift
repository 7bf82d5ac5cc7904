import QuotaCore
import Testing

@Suite("Metrics as text")
struct MetricsFormatTests {
  private static let families = [
    MetricFamily(
      "usage", .gauge, unit: "pages", "What is \"used\",\nby whom.",
      samples: [
        MetricSample(.init("organization", "a\"b\\c\nd"), value: 1_234_567), MetricSample(value: 0.25),
      ]),
    MetricFamily("runs", .counter, "Runs.", samples: [MetricSample(.init("outcome", "done"), value: 3)]),
    MetricFamily("empty", .gauge, "Nothing."),
    MetricFamily("build", .info, "The version.", samples: [MetricSample(.init("version", "1.0"), value: 1)]),
    MetricFamily(
      "duration", .histogram, unit: "seconds", "How long.",
      samples: [MetricSample([], .distribution(bounds: [0.5, 1], counts: [2, 0, 1], sum: 4.5))]),
  ]

  private func text(_ families: [MetricFamily], _ format: MetricsFormat) -> String {
    String(decoding: format.bytes(families), as: UTF8.self)
  }

  @Test("follow Prometheus' text format")
  func prometheus() {
    #expect(
      text(Self.families, .prometheus) == #"""
        # HELP usage_pages What is "used",\nby whom.
        # TYPE usage_pages gauge
        usage_pages{organization="a\"b\\c\nd"} 1234567
        usage_pages 0.25
        # HELP runs_total Runs.
        # TYPE runs_total counter
        runs_total{outcome="done"} 3
        # HELP build_info The version.
        # TYPE build_info gauge
        build_info{version="1.0"} 1
        # HELP duration_seconds How long.
        # TYPE duration_seconds histogram
        duration_seconds_bucket{le="0.5"} 2
        duration_seconds_bucket{le="1.0"} 2
        duration_seconds_bucket{le="+Inf"} 3
        duration_seconds_sum 4.5
        duration_seconds_count 3

        """#)
  }

  @Test("follow OpenMetrics")
  func openMetrics() {
    #expect(
      text(Array(Self.families[...3]), .openMetrics) == #"""
        # HELP usage_pages What is \"used\",\nby whom.
        # TYPE usage_pages gauge
        # UNIT usage_pages pages
        usage_pages{organization="a\"b\\c\nd"} 1234567
        usage_pages 0.25
        # HELP runs Runs.
        # TYPE runs counter
        runs_total{outcome="done"} 3
        # HELP build The version.
        # TYPE build info
        build_info{version="1.0"} 1
        # EOF

        """#)
  }

  @Test(
    "are in the format that is asked for",
    arguments: [
      (nil, MetricsFormat.prometheus), ("*/*", .prometheus), ("text/plain;version=0.0.4", .prometheus),
      ("application/openmetrics-text; version=1.0.0", .openMetrics),
      ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics),
      ("application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.9", .prometheus),
      ("application/openmetrics-text;version=2.0.0", .prometheus), ("application/json", .prometheus),
    ] as [(String?, MetricsFormat)])
  func negotiation(accept: String?, format: MetricsFormat) {
    #expect(MetricsFormat(accepting: accept) == format)
  }
}
