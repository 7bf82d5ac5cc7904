import Foundation
import QuotaCore
import Sandbox
import Testing

@testable import QuotaService

@Suite("Counting and closing, as a user does")
struct ExecutionProgramTests {
  /// One organization of whose secrets and documents nothing may show.
  private struct Trial: Sendable {
    let program: BuiltProgram
    let sandbox: Sandbox

    static let secrets = [
      "KEY_ACME": "key-acme-7f3a9c", "KEY_GLOBEX": "key-globex-revoked-51b2", "HOOK_SECRET": Installation.webhookSecret,
      "WEBHOOK_SECRET": "vendor-webhook-secret-88d1",
    ]
    /// What is in documents, what the vendor finds in them, and what goes along with them.
    static let contents = ["SECRET-PICTURE", SimulatedExecution.content, "SECRET-BATCH"]

    static func run(_ body: (Trial) async throws -> Void) async throws {
      let acme = SimulatedOrganization(id: OrganizationID("acme"), keys: ["key-acme-7f3a9c"])
      try await Sandbox.withRunning(organizations: [acme], clock: .manual(Date())) { sandbox async throws in
        try await BuiltProgram.withFolder { folder async throws in
          let trial = Trial(program: BuiltProgram(folder: folder, environment: secrets), sandbox: sandbox)
          try trial.write("alerts.json", trial.configuration)
          try Data(Documents.png).write(to: folder.appending(path: "scan.png"))
          try await body(trial)
        }
      }
    }

    private var configuration: String {
      """
      {
        "api": { "base_url": "\(sandbox.baseURL)", "retries": 0 },
        "organizations": [
          { "id": "acme", "api_key": { "env": "KEY_ACME" }, "webhook_secret": { "env": "WEBHOOK_SECRET" } },
          { "id": "globex", "api_key": { "env": "KEY_GLOBEX" } }
        ],
        "rules": [{ "id": "corrections", "type": "correction", "notify": ["hook"] }],
        "notifiers": {
          "hook": { "type": "webhook", "url": "\(sandbox.baseURL)/hooks/ops", "secret": { "env": "HOOK_SECRET" } }
        }
      }
      """
    }

    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: program.folder.appending(path: name))
    }

    func run(_ command: String) async throws -> BuiltProgram.Result {
      try await program.run(command.split(separator: " ").map(String.init))
    }

    /// Everything in the files of the folder but the document.
    func stored() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: program.folder.path).filter { $0 != "scan.png" }.map {
        String(decoding: try Data(contentsOf: program.folder.appending(path: $0)), as: UTF8.self)
      }
    }
  }

  @Test("every error that the vendor documents has its exit code, of sending as of asking")
  func exitCodes() async throws {
    try await Trial.run { trial async throws in
      let run = "steps run --organization acme --step s --base64 scan.png"
      let status = "steps status cm5v1 --organization acme"
      for (code, exit) in [
        (400, 10), (401, 11), (403, 12), (404, 13), (408, 14), (413, 15), (415, 16), (429, 17), (500, 18), (302, 19),
      ] {
        for command in [run, status] {
          trial.sandbox.vendor.inject(.status(code), times: 1)
          let result = try await trial.run(command)
          #expect(result.status == Int32(exit), "\(command): \(code)")
          #expect(result.errors.contains("HTTP \(code)"))
          #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
      }
      trial.sandbox.vendor.inject(.disconnect, times: 1)
      #expect(try await trial.run(run).status == 22)
      let plan = ExecutionPlan(enqueued: 0, processing: 0, outcome: .error, errorForm: .text)
      let failed = try #require(
        trial.sandbox.vendor.addExecution(of: OrganizationID("acme"), kind: .step, plan: plan))
      let told = try await trial.run("steps status \(failed.id) --organization acme")
      #expect(told.status == 20)
      #expect(told.output.contains("error: The document cannot be read"))
      let open = try await trial.run(run + " --wait --timeout 1s --json")
      #expect(open.status == 21)
      #expect(open.output.contains(#""status":"enqueued""#))
      #expect(try await trial.run("steps run --organization acme --step s scan.png --url https://x").status == 64)
      #expect(try await trial.run("steps run --organization acme --step s").status == 64)
      #expect(try await trial.run("steps run --organization acme --step s alerts.json").status == 16)
      #expect(try await trial.run("steps run --organization acme --step s nothing.png").status == 74)
    }
  }

  @Test("no secret, document or metadata shows up in what is printed, logged or stored, whatever fails")
  func leaks() async throws {
    try await Trial.run { trial async throws in
      let month = try #require(trial.sandbox.vendor.currentMonth?.advanced(by: -1))
      let time = Date().addingTimeInterval(-60).iso8601
      try trial.write("e.csv", "organization,kind,id,status,requested_at\nacme,conversion,c1,enqueued,\(time)\n")
      try trial.write(
        "i.csv",
        "invoice_id,line_id,organization_id,period,amount,currency,category\nI,1,acme,\(month),1.5,EUR,credit\n")
      var texts: [String] = []
      for round in 0..<4 {
        trial.sandbox.vendor.executionPlan = ExecutionPlan(
          enqueued: 0, processing: 0, outcome: round == 0 ? .success : .error)
        if round == 1 { trial.sandbox.vendor.inject(.html) }
        let echo = #"{"message": "key-acme-7f3a9c is unwell"}"#
        if round == 2 { trial.sandbox.vendor.inject(.status(500, body: echo), for: OrganizationID("acme")) }
        if round == 3 { trial.sandbox.vendor.inject(.status(429, body: echo), for: OrganizationID("acme")) }
        for command in [
          #"steps run --organization acme --step s scan.png --metadata {"b":"SECRET-BATCH"} --wait --timeout 2s --json"#,
          "steps run --organization acme --step s --base64 scan.png --wait --timeout 2s --log-level trace",
          "steps run --organization globex --step s scan.png", "steps status cm5v000000001 --json",
          "steps status cm5v000000009 --organization globex --log-level trace", "ledger import e.csv",
          "ledger poll --json", "ledger poll --log-level trace", "ledger status --json", "collect --log-level trace",
          "collect --json --log-format json", "close \(month)", "close \(month) --force --log-level trace --json",
          "close list --json", "close show 1", "close verify", "reopen \(month) --reason again",
          "invoice import i.csv --dry-run", "invoice import i.csv --json", "invoice list", "invoice show I --versions",
          "invoice void I --reason wrong", "invoice void I --undo", "check --online",
        ] {
          let result = try await trial.run(command)
          texts += [result.output, result.errors]
        }
        trial.sandbox.vendor.clearFaults()
      }
      texts += try trial.stored().filter { !$0.hasPrefix("{\n  \"api\"") }
      for (name, secret) in Trial.secrets { #expect(texts.filter { $0.contains(secret) } == [], "\(name) leaked") }
      for content in Trial.contents { #expect(!texts.contains { $0.contains(content) }, "\(content) leaked") }
      // It was all there to be leaked.
      #expect(trial.sandbox.vendor.executions.contains { $0.metadata?.contains("SECRET-BATCH") == true })
      #expect(texts.contains { $0.contains("success") })
    }
  }
}
