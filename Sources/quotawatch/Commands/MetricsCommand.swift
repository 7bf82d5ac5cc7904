import ArgumentParser
import QuotaCore
import QuotaService

struct MetricsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Print what is known as metrics, for Prometheus.",
    discussion: """
      What `quotawatch serve` answers at /metrics, for those who collect from cron: write it to a file that the node
      exporter reads. docs/serve.md lists the metrics.

      Example:
        quotawatch metrics > /var/lib/node_exporter/quotawatch.prom.new
        mv /var/lib/node_exporter/quotawatch.prom.new /var/lib/node_exporter/quotawatch.prom
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "text, which the node exporter reads, or openmetrics.")
  var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case openmetrics
  }

  func run() async throws {
    let families = try await common.service().metrics()
    let bytes = (format == .text ? MetricsFormat.prometheus : .openMetrics).bytes(families)
    Console.standardOutput.write(String(decoding: bytes, as: UTF8.self))
  }
}
