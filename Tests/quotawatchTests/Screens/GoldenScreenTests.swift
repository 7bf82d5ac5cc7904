import ArgumentParser
import FoundationEssentials
import QuotaCore
import Testing

@testable import quotawatch

@Suite("What commands show, at 60, 80, 120 and 200 columns")
struct GoldenScreenTests {
  /// A command, the name of its golden file, and the world that it is run in.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let words: String
    var world = ScreenWorld.month

    init(_ name: String, _ words: String, in world: ScreenWorld = .month) {
      (self.name, self.words, self.world) = (name, words, world)
    }

    var testDescription: String { "\(name): \(words)" }
  }

  static let cases: [Case] = [
    Case("status", "status"), Case("status-of-a-month", "status --month last-month --sort percent --top 3"),
    Case("status-in-an-outage", "status", in: .outage), Case("alerts", "alerts --all"),
    Case("alerts-in-an-outage", "alerts", in: .outage), Case("why", "why initech"),
    Case("why-one-rule", "why globex pages-quota"), Case("why-in-an-outage", "why hooli", in: .outage),
    Case("check", "check"), Case("silence-list", "silence list --all"), Case("notify-list", "notify list"),
    Case("notify-list-in-an-outage", "notify list", in: .outage), Case("report-usage", "report usage 2026-11"),
    Case("report-reconciliation", "report reconciliation 2026-11"),
    Case("report-focus", "report focus 2026-11 --focus-version 1.2"),
    Case("close-list", "close list"), Case("invoice-list", "invoice list"),
    Case("invoice-show", "invoice show DT-1103"), Case("ledger-status", "ledger status --from 2026-11"),
    Case("price", "price growth --pages 12345 --conversions 678 --month 2026-11"),
    Case("backtest", "backtest --from 2026-11 --to 2026-11"),
    Case("status-in-santiago", "status acme --time-zone America/Santiago"),
  ]

  @Test("fit, and are as they were looked at", arguments: cases)
  func screens(screen: Case) async throws {
    var texts: [Int: String] = [:]
    for width in Golden.widths { texts[width] = try await screen.world.shown(screen.words, width: width) }
    try Golden.check(texts, as: "screens/\(screen.name)")
  }

  @Test("of help fit, and are as they were looked at", arguments: Golden.commands)
  func help(command: CommandPath) throws {
    let texts = Golden.widths.map { width in
      (width, HelpText { QuotaWatch.helpMessage(for: command.type, columns: $0) }.fitted(to: width))
    }
    try Golden.check(Dictionary(uniqueKeysWithValues: texts), as: "help/\(command.name)")
  }
}

/// A command with the names that lead to it.
struct CommandPath: Sendable, CustomTestStringConvertible {
  let name: String
  let type: any ParsableCommand.Type

  var testDescription: String { name }
}

/// Screens that somebody has looked at, one file each with all widths. With GOLDEN=write in the environment they are written
/// anew (`make golden`).
enum Golden {
  static let widths = [60, 80, 120, 200]

  static let commands: [CommandPath] = commands(of: QuotaWatch.self, "quotawatch")

  private static func commands(of type: any ParsableCommand.Type, _ name: String) -> [CommandPath] {
    let configuration = type.configuration
    let all = configuration.ungroupedSubcommands + configuration.groupedSubcommands.flatMap(\.subcommands)
    return [CommandPath(name: name, type: type)]
      + all.flatMap { commands(of: $0, "\(name)-\($0.configuration.commandName ?? "")") }
  }

  private static let folder =
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden").path

  static func check(_ texts: [Int: String], as name: String) throws {
    for (width, text) in texts {
      for line in text.split(separator: "\n") where DisplayWidth.of(line) > width {
        // A word that is wider than the screen stays whole.
        #expect(line.split(separator: " ").contains { DisplayWidth.of($0) > width / 2 }, "\(width): \(line)")
      }
    }
    let page = widths.map { "== \($0) columns\n\(texts[$0] ?? "")" }.joined()
    let path = "\(folder)/\(name).txt"
    if ProcessInfo.processInfo.environment["GOLDEN"] == "write" {
      let parent = URL(filePath: path).deletingLastPathComponent().path
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try Data(page.utf8).write(to: URL(filePath: path))
    }
    let known = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    #expect(page == known, "look at it, and then: make golden")
  }
}
