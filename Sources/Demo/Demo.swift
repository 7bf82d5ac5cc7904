import CurlTransport
package import FoundationEssentials
import Logging
package import QuotaCore
import QuotaService
import Reports
package import Sandbox

/// The main job on a simulated vendor: a month in steps of one day, with real messages to receivers on loopback.
package struct Demo: Sendable {
  /// Where the configuration, the database and the report are left for looking at.
  package let folder: String
  private let sandbox: Sandbox
  private let scenario = DemoScenario()
  private let transport: CurlTransport

  /// What the month brought.
  package struct Outcome: Sendable {
    package let status: [StatusRow]
    package let alerts: [Alert]
    /// When the vendor was asked last: when the month was closed.
    package let lastReadingAt: Date
    package let runs: Int
    package let events: Int
    package let delivered: Int
    package let slack: [ReceivedHook]
    package let webhooks: [ReceivedHook]
    package let mails: [ReceivedMail]
    package let configurationPath: String
    package let reportPath: String
    package let closing: DemoClosing
  }

  /// Runs the demo in a folder that is made if it is missing; what an earlier demo left there is replaced.
  ///
  /// - Parameter progress: told after each day.
  package static func run(
    in folder: String, progress: @Sendable (_ day: Int, _ days: Int) -> Void
  ) async throws -> Outcome {
    let scenario = DemoScenario()
    let transport = try CurlTransport(userAgent: "quotawatch-demo/\(Version.current)")
    return try await Sandbox.withRunning(clock: .manual(scenario.time(ofDay: 1))) { sandbox in
      let demo = Demo(folder: folder, sandbox: sandbox, transport: transport)
      try demo.prepareFolder()
      return try await demo.run(progress)
    }
  }

  private func run(_ progress: @Sendable (Int, Int) -> Void) async throws -> Outcome {
    var (events, delivered) = (0, 0)
    for day in 1...scenario.dayCount {
      scenario.advance(to: day, on: sandbox)
      let report = try await service(onDay: day).collect(CollectUsage.Options())
      events += report.summary.events
      delivered += report.summary.delivered
      progress(day, scenario.dayCount)
    }
    let service = try service(onDay: scenario.dayCount)
    let reportPath = "\(folder)/usage.csv"
    _ = try await service.exportUsage(
      scenario.month...scenario.month, format: .csv, to: .file(path: reportPath))
    let (status, alerts) = (try await service.status([]), try await service.alerts(all: false))
    scenario.advance(toMonthEndOn: sandbox)
    let closing = try await DemoClosing.run(
      scenario.month, with: try self.service(onDay: scenario.dayCount, at: scenario.closingTime), in: folder)
    return Outcome(
      status: status, alerts: alerts, lastReadingAt: scenario.closingTime, runs: scenario.dayCount,
      events: events, delivered: delivered, slack: sandbox.hooks.received(on: DemoConfiguration.slackPath),
      webhooks: sandbox.hooks.received(on: DemoConfiguration.webhookPath), mails: sandbox.mail.received.entries,
      configurationPath: configurationPath, reportPath: reportPath, closing: closing)
  }

  private var configurationPath: String { "\(folder)/alerts.json" }

  /// Makes the folder and removes what an earlier demo has left in it.
  private func prepareFolder() throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let database = "quotawatch.sqlite"
      for name in ["alerts.json", database, "\(database)-wal", "\(database)-shm", "\(database).inbox"] {
        let path = "\(folder)/\(name)"
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
      }
      let text = DemoConfiguration.text(scenario, sandbox: sandbox)
      try Data(text.utf8).write(to: URL(filePath: configurationPath))
      for file in DemoClosing.files { try Data(file.bytes).write(to: URL(filePath: "\(folder)/\(file.name)")) }
    } catch {
      throw ServiceError(.inputOutput, "cannot write to the folder \(folder); choose another with --folder")
    }
  }

  /// - Parameter time: by default that of the day's step.
  private func service(onDay day: Int, at time: Date? = nil) throws -> Setup {
    let configuration = try Configuration.decode(
      Array(DemoConfiguration.text(scenario, sandbox: sandbox).utf8), file: configurationPath, directory: folder)
    let time = time ?? scenario.time(ofDay: day)
    return Setup(
      configuration,
      world: World(
        now: { time }, clock: ContinuousClock(), random: { 0.5 }, http: transport, mail: transport,
        secrets: DemoSecrets(scenario: scenario, day: day, slackURL: sandbox.baseURL + DemoConfiguration.slackPath),
        logger: Logger(label: "quotawatch-demo") { _ in SwiftLogNoOpLogHandler() }))
  }
}

/// The demo's secrets, under the names that its configuration gives them.
private struct DemoSecrets: SecretSource {
  let scenario: DemoScenario
  let day: Int
  let slackURL: String

  func secret(_ reference: SecretReference) async throws(SecretError) -> Secret {
    switch reference {
    case .environment("SLACK_WEBHOOK_URL"): return Secret(slackURL)
    case .environment("WEBHOOK_SECRET"): return Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    default:
      guard let organization = scenario.organizations.first(where: { reference == DemoConfiguration.key(of: $0) })
      else { throw SecretError("the demo has no \(reference.source)") }
      return Secret(organization.key(onDay: day))
    }
  }
}
