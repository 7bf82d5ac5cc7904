import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@Suite("What the program prints for programs and for people")
struct JSONProgramTests {
  /// An installation with figures of seven digits, in each of its sources.
  struct Trial: Sendable {
    let program: BuiltProgram
    let sandbox: Sandbox
    let month: BillingMonth

    static let used = Counters(pages: 1_234_567, conversions: 23_456)

    static func run<Value: Sendable>(_ body: (Trial) async throws -> Value) async throws -> Value {
      let acme = SimulatedOrganization(id: OrganizationID("acme"), keys: ["key-acme"])
      return try await Sandbox.withRunning(organizations: [acme], clock: .manual(Date())) { sandbox async throws in
        let month = try #require(sandbox.vendor.currentMonth)
        let last = try #require(month.advanced(by: -1))
        for month in [last, month] { sandbox.vendor.setUsage(of: OrganizationID("acme"), in: month, to: used) }
        return try await BuiltProgram.withFolder { folder async throws in
          let environment = ["KEY_ACME": "key-acme", "SLACK_URL": "\(sandbox.baseURL)/slack/ops"]
          let trial = Trial(
            program: BuiltProgram(folder: folder, environment: environment), sandbox: sandbox, month: last)
          try trial.write("alerts.json", trial.configuration)
          try trial.write(
            "invoice.csv",
            """
            invoice_id,line_id,organization_id,period,category,metric,quantity,amount,currency
            INV-1,1,acme,\(last),usage,pages,2234567,22345.67,EUR
            INV-1,2,acme,\(last),credit,,,-12345.00,EUR

            """)
          try trial.write(
            "ledger.jsonl",
            #"{"organization":"acme","kind":"step","id":"s1","pages":12345,"status":"success","#
              + #""requested_at":"\#(last)-02T08:00:00Z","ended_at":"\#(last)-02T08:01:00Z"}"# + "\n")
          return try await body(trial)
        }
      }
    }

    var configuration: String {
      """
      {
        "api": { "base_url": "\(sandbox.baseURL)", "retries": 0 },
        "plans": {
          "growth": {
            "quota": { "pages": 1500000, "conversions": 20000 }, "currency": "EUR",
            "charges": [{ "model": "included", "metric": "pages", "included": 10000, "unit_price": "0.01" }]
          }
        },
        "organizations": [{ "id": "acme", "name": "Acme", "api_key": { "env": "KEY_ACME" }, "plan": "growth" }],
        "rules": [
          { "id": "quota", "type": "threshold", "metric": "pages", "percent": [50], "notify": ["slack"] },
          { "id": "many", "type": "threshold", "metric": "conversions", "count": [15000], "notify": ["slack"] },
          { "id": "spend", "type": "spend", "amount": "1000.00", "notify": ["slack"] }
        ],
        "notifiers": { "slack": { "type": "slack", "url": { "env": "SLACK_URL" } } }
      }
      """
    }

    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: program.folder.appending(path: name))
    }

    func run(_ command: String) async throws -> BuiltProgram.Result {
      try await program.run(command.split(separator: " ").map(String.init))
    }

    /// One command for each that prints JSON, in an order in which they work.
    var commands: [String] {
      [
        "check --online", "collect", "backfill --from \(month)", "alerts", "alerts list --all",
        "alerts ack quota/acme/\(sandbox.vendor.currentMonth?.description ?? "")/pages", "why acme", "status",
        "silence add --organization acme --until 1h --reason test", "silence list", "notify list", "db info",
        "backtest --from \(month) --to \(month)", "price growth --pages 1234567", "close list",
        "close month \(month) --force", "close verify", "ledger import ledger.jsonl", "ledger status", "ledger poll",
        "invoice import invoice.csv", "invoice list", "invoice show INV-1",
        "steps status s1 --organization acme --kind step",
      ]
    }

    /// Those that print nothing for programs.
    static let withoutJSON = ["backfill"]
  }

  @Test("every object and every line of JSON states the version of its form", .timeLimit(.minutes(5)))
  func versions() async throws {
    try await Trial.run { trial async throws in
      for command in trial.commands where !Trial.withoutJSON.contains(where: command.hasPrefix) {
        let output = try await trial.run(command + " --json").output
        let isLines = command.hasPrefix("steps") || command.hasPrefix("ledger poll")
        let texts = isLines ? output.split(separator: "\n").map(String.init) : [output]
        #expect(!output.isEmpty, "\(command)")
        for text in texts { #expect(Self.version(of: text) == 1, "\(command): \(text)") }
      }
      for report in ["usage --from", "reconciliation"] {
        let rows = try await trial.run("report \(report) \(trial.month) --format jsonl").output
        #expect(!rows.isEmpty)
        for row in rows.split(separator: "\n") { #expect(Self.version(of: String(row)) == 1, "\(row)") }
      }
      trial.sandbox.vendor.inject(.status(500))
      let log = try await trial.run("collect --quiet --log-format json").errors.split(separator: "\n")
      #expect(!log.isEmpty)
      for line in log { #expect(Self.version(of: String(line)) == 1, "\(line)") }
    }
  }

  private static func version(of text: String) -> Int? {
    let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return object?["schema_version"] as? Int
  }

  @Test("what people read has its figures in groups of three, and what programs read has them plain")
  func grouping() async throws {
    try await Trial.run { trial async throws in
      // Not in a date, an id or an address.
      let plainFigure = try Regex(#"(?:^|[^\w./:@^−-])\d{5,}(?![\w/:-])"#)
      for command in trial.commands + ["report reconciliation \(trial.month) -o r.csv", "collect --dry-run"] {
        let result = try await trial.run(command)
        for line in (result.output + result.errors).split(separator: "\n") {
          #expect(line.firstMatch(of: plainFigure) == nil, "\(command): \(line)")
        }
      }
      let messages = trial.sandbox.hooks.received(on: "/slack/ops").map { String(decoding: $0.body, as: UTF8.self) }
      #expect(!messages.isEmpty)
      for text in messages {
        #expect(text.firstMatch(of: plainFigure) == nil, "\(text)")
      }
      #expect(messages.contains { $0.contains("1,234,567 of 1,500,000 pages") })
      #expect(messages.contains { $0.contains("12,245.67 EUR") })
      let status = try await trial.run("status --json").output
      #expect(status.contains(": 1234567"))
      #expect(!status.contains("1,234,567"))
    }
  }

  @Test("docs/json.md names every command that prints JSON")
  func documentation() async throws {
    let text = String(decoding: try Project.text(of: "docs/json.md"), as: UTF8.self)
    let documented = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row in
      row.split(separator: "|")[0].split(separator: "`").map(String.init).filter { $0.contains(/\w/) }
    }
    let help = try await BuiltProgram.withFolder { folder in
      try await BuiltProgram(folder: folder).run(["--experimental-dump-help"]).output
    }
    let tree = try JSONDecoder().decode(Help.self, from: Data(help.utf8)).command
    #expect(documented.sorted() == tree.commandsWithJSON().sorted())
  }

  /// What ArgumentParser says of the commands.
  private struct Help: Decodable {
    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?

      func commandsWithJSON(under parents: [String] = []) -> [String] {
        let below = (subcommands ?? []).flatMap { sub in sub.commandsWithJSON(under: parents + [sub.commandName]) }
        let hasJSON = arguments?.contains { $0.names?.contains { $0.name == "json" } ?? false } ?? false
        return hasJSON ? below + [parents.joined(separator: " ")] : below
      }
    }

    struct Argument: Decodable {
      struct Name: Decodable { let name: String }
      let names: [Name]?
    }

    let command: Command
  }
}
