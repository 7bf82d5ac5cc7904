import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

@Suite("The program, as a user runs it")
struct ProgramTests {
  /// An installation with one working key and one that the vendor refuses, and every secret that it has.
  struct Trial: Sendable {
    let program: BuiltProgram
    let sandbox: Sandbox

    static let secrets = [
      "KEY_ACME": "key-acme-7f3a9c", "KEY_GLOBEX": "key-globex-revoked-51b2", "HOOK_SECRET": Installation.webhookSecret,
      "SLACK_PATH": "T0SECRET/B0SECRET/x9y8z7",
    ]

    static func run<Value: Sendable>(_ body: (Trial) async throws -> Value) async throws -> Value {
      let acme = SimulatedOrganization(id: OrganizationID("acme"), keys: ["key-acme-7f3a9c"])
      return try await Sandbox.withRunning(organizations: [acme], clock: .manual(Date())) { sandbox async throws in
        let month = try #require(sandbox.vendor.currentMonth)
        sandbox.vendor.setUsage(
          of: OrganizationID("acme"), in: month, to: Counters(pages: 85, conversions: 3))
        return try await BuiltProgram.withFolder { folder async throws in
          var environment = secrets
          environment["SLACK_URL"] = "\(sandbox.baseURL)/slack/\(secrets["SLACK_PATH"] ?? "")"
          let trial = Trial(program: BuiltProgram(folder: folder, environment: environment), sandbox: sandbox)
          try trial.write(trial.configuration)
          return try await body(trial)
        }
      }
    }

    var configuration: String {
      """
      {
        "api": { "base_url": "\(sandbox.baseURL)", "retries": 0 },
        "organizations": [
          { "id": "acme", "name": "Acme", "api_key": { "env": "KEY_ACME" }, "quota": { "pages": 100 } },
          { "id": "globex", "api_key": { "env": "KEY_GLOBEX" } }
        ],
        "rules": [
          { "id": "pages-quota", "type": "threshold", "metric": "pages", "percent": [50, 80], "notify": ["hook"] },
          { "id": "dead-key", "type": "credential", "notify": ["slack"] }
        ],
        "notifiers": {
          "hook": { "type": "webhook", "url": "\(sandbox.baseURL)/hooks/ops", "secret": { "env": "HOOK_SECRET" } },
          "slack": { "type": "slack", "url": { "env": "SLACK_URL" } }
        }
      }
      """
    }

    func write(_ text: String) throws {
      try Data(text.utf8).write(to: program.folder.appending(path: "alerts.json"))
    }

    func run(_ command: String) async throws -> BuiltProgram.Result {
      try await program.run(command.split(separator: " ").map(String.init))
    }
  }

  @Test("a process that may open too few files says so, and how many it needs", arguments: [8, 16, 23])
  func fewFiles(limit: Int) async throws {
    try await Trial.run { trial async throws in
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", "ulimit -n \(limit); exec \"$0\" collect", try BuiltProgram.binary.path]
      process.currentDirectoryURL = trial.program.folder
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      let text = String(decoding: try errors.fileHandleForReading.rest(), as: UTF8.self)
      process.waitUntilExit()
      #expect(text == "quotawatch: 24 open files are needed, and this process may have \(limit): raise `ulimit -n`\n")
      #expect(process.terminationStatus == 74)
    }
  }

  @Test("exit codes say how a run went")
  func exitCodes() async throws {
    try await Trial.run { trial async throws in
      #expect(try await trial.run("status").status == 74)
      #expect(try await trial.run("collect acme").status == 0)
      #expect(try await trial.run("collect").status == 2)
      #expect(try await trial.run("status").status == 0)
      #expect(try await trial.run("collect nobody").status == 64)
      #expect(try await trial.run("frobnicate").status == 64)
      let check = try await trial.run("check --online")
      #expect(check.status == 78)
      #expect(check.output.contains("; it comes from environment variable KEY_GLOBEX: put the right one there\n"))
      try trial.write(trial.configuration.replacing(#""percent""#, with: #""prcent""#))
      #expect(try await trial.run("collect").status == 78)
    }
  }

  @Test("a notification that cannot be delivered yet is exit code 3, and the next run after the wait delivers it")
  func undelivered() async throws {
    try await Trial.run { trial async throws in
      trial.sandbox.hooks.plan(.status(500), times: 1, on: "/hooks/ops")
      #expect(try await trial.run("collect acme --delivery-budget 3s").status == 3)
      let list = try await trial.run("notify list")
      #expect(list.output.contains("pending"))
      #expect(list.output.contains("HTTP 500"))
      #expect(try await trial.run("notify retry \(Self.event(list.output))").status == 0)
      #expect(trial.sandbox.hooks.received(on: "/hooks/ops").count == 2)
    }
  }

  private static func event(_ list: String) -> String {
    list.split(whereSeparator: \.isWhitespace).first { $0.contains("/firing/") }.map(String.init) ?? ""
  }

  @Test("no secret shows up in what is printed, logged or stored, whatever fails")
  func leaks() async throws {
    try await Trial.run { trial async throws in
      var texts: [String] = []
      for round in 0..<3 {
        if round == 1 { trial.sandbox.vendor.inject(.html) }
        if round == 2 { trial.sandbox.vendor.inject(.status(500, body: #"{"message": "key-acme-7f3a9c is unwell"}"#)) }
        let answer = HookAnswer.status(500, body: "no hook at T0SECRET/B0SECRET/x9y8z7")
        trial.sandbox.hooks.plan(answer, on: "/slack/T0SECRET/B0SECRET/x9y8z7")
        for command in [
          "check --online", "collect --log-level trace", "collect --json --log-format json", "collect --dry-run",
          "status --json", "alerts --all --json", "notify test", "notify list --json", "notify retry --dead",
          "backfill --from 2026-01 --to 2026-01 --refresh", "report usage --from 2026-01 --to 2026-12", "db info",
          "db check", "db backup backup-\(round).sqlite",
        ] {
          let result = try await trial.run(command)
          texts += [result.output, result.errors]
        }
      }
      for name in try FileManager.default.contentsOfDirectory(atPath: trial.program.folder.path) {
        let data = try Data(contentsOf: trial.program.folder.appending(path: name))
        texts.append(String(decoding: data, as: UTF8.self))
      }
      for (name, secret) in Trial.secrets {
        #expect(!texts.contains { $0.contains(secret) }, "\(name) leaked")
      }
    }
  }

  @Test("nothing but a key in the environment is enough to collect and look")
  func withoutConfiguration() async throws {
    try await Trial.run { trial async throws in
      try FileManager.default.removeItem(at: trial.program.folder.appending(path: "alerts.json"))
      var program = trial.program
      program.environment["DOCUTRAY_API_KEY"] = "key-acme-7f3a9c"
      program.environment["DOCUTRAY_BASE_URL"] = trial.sandbox.baseURL
      #expect(try await program.run(["collect"]).status == 0)
      let status = try await program.run(["status"])
      #expect(status.status == 0)
      #expect(status.output.contains("85"))
      #expect(!status.output.contains("\u{1B}"))
    }
  }

  @Test("a quiet run speaks when something has changed, and then no more")
  func quiet() async throws {
    try await Trial.run { trial async throws in
      // The vendor's clock stands still here, and so the clocks differ some time or other.
      func words(_ command: String) async throws -> [Substring] {
        try await trial.run(command).errors.split(separator: "\n").filter { !$0.contains("clock") }
      }
      #expect(try await words("collect --quiet").count == 1)
      #expect(try await words("collect --quiet") == [])
      trial.sandbox.vendor.inject(.status(401))
      #expect(try await words("collect --quiet acme").count == 1)
      #expect(try await words("collect --quiet acme") == [])
      #expect(try await words("collect --quiet") == [])
      trial.sandbox.vendor.clearFaults()
      #expect(try await words("collect --quiet") == ["notice: works again: acme"])
      #expect(try await words("collect --quiet") == [])
    }
  }

  @Test("a log in JSON is an object on each line, whatever is told")
  func logOfObjects() async throws {
    try await Trial.run { trial async throws in
      try trial.write(
        trial.configuration.replacing(#"{ "pages": 100 }"#, with: #"{ "pages": 100, "conversions": 10 }"#))
      let path = trial.program.folder.appending(path: "alerts.json").path
      #expect(chmod(path, 0o666) == 0)
      trial.sandbox.hooks.plan(.status(410), times: 1, on: "/hooks/ops")
      trial.sandbox.vendor.inject(.status(401))
      var messages: [String] = []
      for round in 0..<2 {
        if round == 1 { trial.sandbox.vendor.clearFaults() }
        for command in ["collect --quiet", "check", "status --json", "alerts --json"] {
          let lines = try await trial.run("\(command) --log-format json").errors.split(separator: "\n")
          messages += try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])["message"] as? String
              ?? ""
          }
        }
      }
      for words in ["can be changed by everybody", "works again: acme", "not delivered: hook", "no rule watches"] {
        #expect(messages.contains { $0.contains(words) }, "\(words)")
      }
    }
  }

  @Test("what the installation lives by is not written over, by whatever name, and stays as it was")
  func ownFiles() async throws {
    try await Trial.run { trial async throws in
      let folder = trial.program.folder
      let key = folder.appending(path: "key")
      try Data("key-acme-7f3a9c".utf8).write(to: key)
      #expect(chmod(key.path, 0o600) == 0)
      try trial.write(
        trial.configuration.replacing(#""api_key": { "env": "KEY_ACME" }"#, with: #""api_key": { "file": "key" }"#))
      #expect(try await trial.run("collect acme").status == 0)
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "link").path, withDestinationPath: "alerts.json")
      #expect(link(key.path, folder.appending(path: "twin").path) == 0)
      let uses = [
        "quotawatch.sqlite": "the database, or a part of it", "quotawatch.sqlite-wal": "the database, or a part of it",
        "alerts.json": "a file of the configuration", "link": "a file of the configuration",
        "key": "a secret of the configuration", "twin": "a secret of the configuration",
      ]
      func contents() throws -> [Data] {
        try ["quotawatch.sqlite", "alerts.json", "key"].map { try Data(contentsOf: folder.appending(path: $0)) }
      }
      let before = try contents()
      for (name, use) in uses {
        for command in [
          "metrics -o", "report usage this-month --format csv -o", "report focus this-month --focus-version 1.2 -o",
          "report reconciliation this-month --format csv -o",
        ] {
          let result = try await trial.run("\(command) \(name)")
          guard !result.errors.contains("cannot be written as") else { continue }
          #expect(result.status == 74, "\(command)")
          #expect(result.errors == "quotawatch: cannot write \(name): it is \(use); name another file\n")
        }
      }
      for (name, use) in uses where !use.contains("database") {
        let result = try await trial.run("db backup \(name) --overwrite")
        #expect(result.status == 74)
        #expect(result.errors == "quotawatch: cannot write \(name): it is \(use); name another file\n")
      }
      #expect(try contents() == before)
      #expect(try await trial.run("metrics -o metrics.prom").status == 0)
    }
  }

  @Test("a report replaces its file as a whole, and the same data give the same bytes")
  func report() async throws {
    try await Trial.run { trial async throws in
      _ = try await trial.run("collect acme --quiet")
      let month = try #require(trial.sandbox.vendor.currentMonth)
      let command = "report usage --from \(month) --organization acme -o usage.csv"
      #expect(try await trial.run(command).status == 0)
      let file = trial.program.folder.appending(path: "usage.csv")
      let first = try Data(contentsOf: file)
      #expect(String(decoding: first, as: UTF8.self).contains(",pages,85,page,100,85.00,open,"))
      #expect(try await trial.run(command).status == 0)
      #expect(try Data(contentsOf: file) == first)
      #expect(try await trial.run("report usage --from \(month) -o missing/usage.csv").status == 74)
    }
  }

  @Test("init writes what check understands, and never overwrites it")
  func initialize() async throws {
    try await BuiltProgram.withFolder { folder async throws in
      let program = BuiltProgram(
        folder: folder, environment: ["DOCUTRAY_API_KEY": "k", "SLACK_WEBHOOK_URL": "https://x.example/y"])
      #expect(try await program.run(["init"]).status == 0)
      #expect(try await program.run(["check"]).status == 0)
      #expect(try await program.run(["init"]).status == 74)
    }
  }
}
