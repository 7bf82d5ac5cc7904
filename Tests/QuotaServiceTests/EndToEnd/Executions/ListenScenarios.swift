import CurlTransport
import Foundation
import Logging
import QuotaCore
import Sandbox
import TestSupport
import Testing
import UsageStore

@testable import QuotaService
@testable import WebServer

@Suite("Receiving the vendor's webhooks", .timeLimit(.minutes(5)))
struct ListenScenarios {
  static let secret = "whsec-of-acme-c0ffee"

  /// A running receiver for `acme`.
  private struct Receiver: Sendable {
    let installation: Installation
    let service: Setup
    let port: Int

    /// Posts a body under a signature and returns the answer.
    func post(
      _ body: [UInt8], signature: String?, to organization: String = "acme"
    ) async throws -> TransportResponse {
      let headers = signature.map { [TransportRequest.Header("X-Docutray-Signature", $0)] } ?? []
      return try await installation.transport.send(
        TransportRequest(
          .post, url: Secret("http://127.0.0.1:\(port)/webhooks/\(organization)"), headers: headers, body: body))
    }

    func post(_ webhook: VendorWebhook, to organization: String = "acme") async throws -> TransportResponse {
      try await post(webhook.body, signature: webhook.headers.last?.value, to: organization)
    }

    /// An execution at the vendor that has ended, and its webhook.
    func webhook(
      _ kind: ExecutionKind = .step, outcome: ExecutionPlan.Outcome = .success, secret: String = ListenScenarios.secret
    ) throws -> (id: String, webhook: VendorWebhook) {
      let vendor = installation.sandbox.vendor
      let plan = ExecutionPlan(enqueued: 0, processing: 0, outcome: outcome)
      let execution = try #require(vendor.addExecution(of: OrganizationID("acme"), kind: kind, plan: plan))
      return (execution.id.rawValue, VendorWebhook(execution, at: vendor.now, secret: secret))
    }
  }

  private static func run(_ body: @escaping @Sendable (Receiver) async throws -> Void) async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      let made = try installation.service(
        """
        {
          "database": "quotawatch.sqlite", "api": { "base_url": "\(installation.sandbox.baseURL)" },
          "organizations": [
            { "id": "acme", "api_key": { "env": "KEY_acme" }, "webhook_secret": { "env": "WEBHOOK_acme" } },
            { "id": "globex", "api_key": { "env": "KEY_globex" } }
          ]
        }
        """, organizations: ["acme", "globex"], environment: ["WEBHOOK_acme": secret])
      // It waits for nobody but the network, so the machine's clock makes no difference but in when it looks again.
      let service = Setup(
        made.configuration,
        world: World(
          now: made.world.now, clock: ContinuousClock(), random: { 0.5 }, http: made.world.http, mail: made.world.mail,
          secrets: made.world.secrets, logger: made.world.logger))
      let (ports, continuation) = AsyncStream<Int>.makeStream()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          let address = try #require(WebServer.Place("127.0.0.1:0"))
          defer { continuation.finish() }
          try await service.listen(at: address) { port, organizations in
            #expect(organizations == [OrganizationID("acme")])
            continuation.yield(port)
          }
        }
        for await port in ports {
          try await body(Receiver(installation: installation, service: service, port: port))
          break
        }
        group.cancelAll()
      }
    }
  }

  @Test("answers 200 when the row is in the database, and keeps nothing of the document")
  func stored() async throws {
    try await Self.run { receiver in
      for (kind, outcome) in [
        (ExecutionKind.step, ExecutionPlan.Outcome.success), (.conversion, .success), (.identification, .error),
      ] {
        let (id, webhook) = try receiver.webhook(kind, outcome: outcome)
        #expect(
          String(decoding: webhook.body, as: UTF8.self).contains(SimulatedExecution.content) == (outcome == .success))
        let answer = try await receiver.post(webhook)
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "{\"ok\":true,\"new\":true}\n")
        let known = try #require(try await receiver.service.execution(id, kind))
        #expect(known.status == (outcome == .success ? .success : .error))
        #expect(known.origin == .webhook)
        #expect(known.endedAt == receiver.installation.sandbox.vendor.now)
      }
      let text = try receiver.installation.databaseText
      for content in [SimulatedExecution.content, "cannot be read", "Simulated step", Self.secret] {
        #expect(!text.contains(content))
      }
    }
  }

  @Test("recognizes what it has heard, in whatever order it comes")
  func replay() async throws {
    try await Self.run { receiver in
      let vendor = receiver.installation.sandbox.vendor
      let plan = ExecutionPlan(enqueued: 10, processing: 10)
      let execution = try #require(vendor.addExecution(of: OrganizationID("acme"), kind: .conversion, plan: plan))
      let started = VendorWebhook(execution, at: vendor.now, secret: Self.secret)
      let ended = VendorWebhook(execution, at: vendor.now.addingTimeInterval(20), secret: Self.secret)
      for (webhook, isNew) in [(ended, true), (started, false), (ended, false)] {
        let answer = try await receiver.post(webhook)
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(#""new":\#(isNew)"#))
      }
      #expect(try await receiver.service.execution(execution.id.rawValue, .conversion)?.status == .success)
      #expect(try await receiver.service.ledgerStatus(months: nil, only: []).map(\.total.succeeded) == [1])
    }
  }

  @Test("says where the vendor tells another end than the one that is known, which stays")
  func contradiction() async throws {
    try await Self.run { receiver in
      let (id, webhook) = try receiver.webhook()
      let now = receiver.installation.clock.date
      let known = ExecutionReport(
        key: .init(
          organization: OrganizationID("acme"), kind: .step, id: try #require(ExecutionID(rawValue: id))),
        status: .error, requestedAt: now, endedAt: now, origin: .import, seenAt: now)
      try await receiver.service.database.writing { store in _ = try await store.write { try $0.record(known) } }
      let answer = try await receiver.post(webhook)
      #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("\"new\":false"))
      #expect(
        receiver.installation.complaints.lines == [
          "\(known.key): the vendor says success, but the ledger has error and keeps it"
        ])
      #expect(try await receiver.service.execution(id, .step)?.status == .error)
    }
  }

  @Test("refuses a signature that is wrong, missing, of another body, or of another organization, and stores nothing")
  func signature() async throws {
    try await Self.run { receiver in
      let (_, right) = try receiver.webhook()
      let (_, wrong) = try receiver.webhook(secret: "another secret")
      let signature = try #require(right.headers.last?.value)
      let refused = [
        try await receiver.post(wrong), try await receiver.post(right.body, signature: nil),
        try await receiver.post(right.body, signature: ""),
        try await receiver.post(right.body, signature: String(signature.dropLast())),
        try await receiver.post(right.body, signature: String(signature.dropFirst("sha256=".count))),
        try await receiver.post(right.body + [0x20], signature: signature),
        try await receiver.post(right, to: "globex"), try await receiver.post(right, to: "nobody"),
      ]
      #expect(refused.allSatisfy { $0.status == 401 })
      #expect(refused.allSatisfy { $0.body == refused[0].body })
      #expect(try await receiver.service.ledgerStatus(months: nil, only: []).isEmpty)
      #expect(try await receiver.post(right.body, signature: signature.uppercased()).status == 200)
    }
  }

  @Test("refuses what is too large, or is no event")
  func unreadable() async throws {
    try await Self.run { receiver in
      let large = [UInt8](repeating: 0x20, count: BodyReader.largest + 1)
      let (id, webhook) = try receiver.webhook()
      #expect(try await receiver.post(VendorWebhook(body: webhook.body + large, secret: Self.secret)).status == 413)
      let limit = [UInt8](repeating: 0x20, count: BodyReader.largest - webhook.body.count)
      for body in ["", "{", "[]", "{}", #"{"step_execution_id": 7}"#, #"{"conversion_id": "a/b"}"#] {
        let answer = try await receiver.post(VendorWebhook(body: Array(body.utf8), secret: Self.secret))
        #expect(answer.status == 400, "\(body)")
      }
      #expect(try await receiver.service.ledgerStatus(months: nil, only: []).isEmpty)
      #expect(try await receiver.post(VendorWebhook(body: webhook.body + limit, secret: Self.secret)).status == 200)
      #expect(try await receiver.service.execution(id) != nil)
    }
  }

  @Test("puts on the disk what comes while another process writes, and takes it over when that is done")
  func busy() async throws {
    try await Self.run { receiver in
      let (id, webhook) = try receiver.webhook()
      let path = receiver.installation.databasePath
      let writer = try SQLiteStore.open(path: path, access: .readWrite, billingTimeZone: .gmt)
      let transaction = await OpenTransaction(in: writer)
      #expect(try await receiver.post(webhook).status == 200)
      let inbox = try String(contentsOfFile: path + ".inbox", encoding: .utf8)
      #expect(inbox.contains(id))
      #expect(!inbox.contains(SimulatedExecution.content))
      #expect(try await receiver.service.execution(id) == nil)
      try await transaction.commit()
      try writer.close()
      _ = try await receiver.service.database.openForReadingAfterInbox()
      #expect(try await receiver.service.execution(id)?.status == .success)
      #expect(try Data(contentsOf: URL(filePath: path + ".inbox")).isEmpty)
    }
  }

  @Test("asks to be told again where nothing can be put on the disk")
  func notDurable() async throws {
    try await Self.run { receiver in
      let (id, webhook) = try receiver.webhook()
      let path = receiver.installation.databasePath
      let writer = try SQLiteStore.open(path: path, access: .readWrite, billingTimeZone: .gmt)
      let transaction = await OpenTransaction(in: writer)
      // A folder in the inbox's place: nothing can be appended to it.
      try FileManager.default.createDirectory(atPath: path + ".inbox", withIntermediateDirectories: false)
      let answer = try await receiver.post(webhook)
      #expect(answer.status == 503)
      #expect(answer.header("retry-after") == "30")
      try FileManager.default.removeItem(atPath: path + ".inbox")
      try await transaction.commit()
      try writer.close()
      #expect(try await receiver.service.execution(id) == nil)
      #expect(try await receiver.post(webhook).status == 200)
      #expect(try await receiver.service.execution(id)?.status == .success)
    }
  }
}

@Suite("Starting to receive webhooks")
struct ListenStartScenarios {
  @Test("says what is missing")
  func configuration() async throws {
    try await Installation.run { installation in
      let address = try #require(WebServer.Place("127.0.0.1:0"))
      let none = try installation.service()
      let error = await failure { try await none.listen(at: address) { _, _ in } }
      #expect(error?.status == .configuration)
      #expect(error?.lines.first?.contains("webhook_secret") == true)
      let unset = try installation.service(members: #", "webhook_secret": { "env": "NOT_SET" }"#)
      let second = await failure { try await unset.listen(at: address) { _, _ in } }
      #expect(second?.status == .configuration)
      #expect(second?.lines.first?.hasPrefix("acme: ") == true)
    }
  }
}
