import ArgumentParser
import QuotaCore
import QuotaService
import Reports

struct MetricsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Print what is known as metrics, for Prometheus.",
    discussion: """
      What `quotawatch serve` answers at /metrics, for those who collect from cron: write it to a file that the node \
      exporter reads. The file is replaced as a whole. docs/serve.md lists the metrics.

      Example:
        quotawatch metrics --output /var/lib/node_exporter/quotawatch.prom
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "text, which the node exporter reads, or openmetrics.")
  var format = Format.text

  @Option(name: [.short, .long], help: "The file to write; standard output without it.", completion: .file())
  var output: String?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case openmetrics
  }

  func run() async throws {
    let service = try common.service()
    let destination = try service.destination(output)
    let families = try await service.metrics()
    let bytes = (format == .text ? MetricsFormat.prometheus : .openMetrics).bytes(families)
    try destination.write { sink in try bytes.withUnsafeBytes(sink) }
  }
}
