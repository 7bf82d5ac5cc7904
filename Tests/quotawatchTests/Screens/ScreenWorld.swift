import ArgumentParser
import Demo
import FoundationEssentials
import Glibc
import Logging
import QuotaCore
import QuotaService
import TestSupport

@testable import quotawatch

/// The demo's month with what people did afterwards, at one moment that is always the same.
struct ScreenWorld: Sendable {
  private let prepared: Task<String, any Error>
  private let now: Date

  /// The month is closed, and all is well.
  static let month = ScreenWorld(at: "2026-12-05T10:00:00.000Z") { world, folder in
    for words in [
      "silence add acme --until 2d --reason load-test --by anna",
      "silence add --rule silent --until 6h --reason maintenance-of-the-vendor --by ben", "silence remove 2 --by anna",
    ] { _ = try await world.shown(words, in: folder, width: 80) }
  }

  /// Two days later nothing and nobody can be reached.
  static let outage = ScreenWorld(at: "2026-12-07T10:00:00.000Z") { world, folder in
    _ = try await world.shown("collect", in: folder, width: 80)
  }

  private init(
    at moment: String, _ prepare: @escaping @Sendable (_ world: ScreenWorld, _ folder: String) async throws -> Void
  ) {
    let now = Date(iso8601: moment) ?? .distantPast
    self.now = now
    prepared = Task {
      // As long on every machine, since lines break where it stands.
      let folder = "/tmp/qw-\(UUID().uuidString.prefix(8))"
      _ = try await Demo.run(in: folder) { _, _ in }
      try await prepare(ScreenWorld(now: now), folder)
      return folder
    }
  }

  private init(now: Date) {
    self.now = now
    prepared = Task { "" }
  }

  /// What a command prints on a terminal without colours.
  func shown(_ words: String, width: Int) async throws -> String {
    try await shown(words, in: try await prepared.value, width: width)
  }

  private func shown(_ words: String, in folder: String, width: Int) async throws -> String {
    let path = "\(folder)/output-\(UUID().uuidString)"
    let (output, nothing) = (open(path, O_CREAT | O_WRONLY, 0o600), open("/dev/null", O_WRONLY))
    defer { for descriptor in [output, nothing] { close(descriptor) } }
    let console = Console(descriptor: output, isTerminal: true) { ["COLUMNS": "\(width)", "NO_COLOR": "1"][$0] }
    let zone = words.contains("--time-zone") ? [] : ["--time-zone", "UTC"]
    let all = words.split(separator: " ").map(String.init) + zone + ["--config", "\(folder)/alerts.json"]
    try await Console.$standardOutput.withValue(console) {
      try await Console.$standardError.withValue(Console(descriptor: nothing)) {
        try await CommonOptions.$world.withValue(world) { try await Self.run(all) }
      }
    }
    return try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
      .replacing(folder, with: "/tmp/qw-screens.")
      // A database's own name is random, and so are the ids of its messages.
      .replacing(/~[0-9a-f]+/) { "~" + String(repeating: "0", count: $0.output.count - 1) }
  }

  private static func run(_ words: [String]) async throws {
    do {
      var command = try QuotaWatch.parseAsRoot(words)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch  where error is ExitCodeError || error is ExitCode {
      // The exit code says more than success.
    }
  }

  /// Nobody answers but with an error, and every secret is known.
  private func world(_ configuration: Configuration, _ logger: Logger) -> World {
    let names = ["ACME", "GLOBEX", "HOOLI", "INITECH", "STARK", "UMBRELLA"].map { ("DEMO_KEY_\($0)", "key-of-\($0)") }
    let secrets = FixedSecrets(
      Dictionary(uniqueKeysWithValues: names).merging([
        "SLACK_WEBHOOK_URL": "https://hooks.example.com/x", "WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      ]) { $1 })
    return World(
      now: { [now] in now }, clock: ContinuousClock(), random: { 0.5 }, http: FakeHTTPTransport(status: 404),
      mail: FakeMailTransport(), secrets: secrets,
      logger: Logger(label: "screens") { _ in SwiftLogNoOpLogHandler() })
  }
}
