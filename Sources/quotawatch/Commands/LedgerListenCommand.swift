import ArgumentParser
import Logging
import QuotaCore
import QuotaService
import UnixSignals
import WebServer

struct LedgerListenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "listen",
    abstract: "Receive the vendor's webhooks until interrupted.",
    discussion: """
      Takes POST /webhooks/ORGANIZATION for every organization with a "webhook_secret". An event is answered with 200 \
      once it is on the disk, also while another process writes. Put a proxy with TLS in front: the vendor wants HTTPS.

      Example:
        quotawatch ledger listen --address 127.0.0.1:8090 --log-level info
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "Where to listen: HOST:PORT; port 0 takes any free one.")
  var address = "127.0.0.1:8090"

  func run() async throws {
    guard let place = WebServer.Place(address) else {
      throw ValidationError("--address expects a host and a port, such as 127.0.0.1:8090 or [::1]:8090")
    }
    let service = try common.service()
    if !place.isLoopback {
      service.world.logger.warning("\(address) is reachable from other machines, and HTTP there is clear text")
    }
    let ending = Task {
      for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { ThisProcess.endSoon(0) }
    }
    defer { ending.cancel() }
    try await service.listen(at: place) { port, organizations in
      Console.standardOutput.print("Listening at \(place.url(port: port))/webhooks/ORGANIZATION for:")
      for organization in organizations { Console.standardOutput.print("  \(organization)") }
    }
  }
}
