import ArgumentParser
import QuotaService
import Sandbox

struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Serve a simulated vendor, webhook receiver and mail receiver on loopback until interrupted.",
    discussion: """
      It says at its start which keys it knows and how it is steered; docs/sandbox.md has examples.

      Examples:
        quotawatch sandbox --port 8080
        quotawatch sandbox --organizations 500
      """)

  @Option(parsing: .unconditional, help: "The port for HTTP; 0 takes any free one.")
  var port = 8080

  @Option(parsing: .unconditional, help: "The port for SMTP; 0 takes any free one.")
  var mailPort = 0

  @Option(parsing: .unconditional, help: "How many organizations with growing usage to start with.")
  var organizations = 3

  func validate() throws {
    guard (0...65_535).contains(port), (0...65_535).contains(mailPort) else {
      throw ValidationError("a port is a number from 0 to 65535")
    }
    guard (0...99_999).contains(organizations) else { throw ValidationError("--organizations is 0 to 99999") }
  }

  func run() async throws {
    let sandbox: Sandbox
    do {
      sandbox = try await Sandbox.start(
        organizations: SimulatedOrganization.bulk(organizations), clock: .system, port: port, mailPort: mailPort)
    } catch let error as SandboxError {
      throw ServiceError(.inputOutput, error.description)
    }
    Console.standardOutput.write(sandbox.help)
    await ThisProcess.untilInterrupted()
    await sandbox.stop()
  }
}
