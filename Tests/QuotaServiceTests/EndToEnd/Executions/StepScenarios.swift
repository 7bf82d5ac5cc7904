import Foundation
import QuotaCore
import Sandbox
import Synchronization
import Testing

@testable import QuotaService

@Suite("Sending documents")
struct StepScenarios {
  private static func options(_ document: RunStep.Source) -> RunStep.Options {
    RunStep.Options(step: "step-1", document: document)
  }

  @Test("uploads a file with its metadata, tells how far it is, and puts the execution into the ledger alone")
  func upload() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let path = try installation.file("scan 1.png", Documents.png + [UInt8](repeating: 7, count: 300_000))
      let sent = Mutex<[Int64]>([])
      var options = Self.options(.file(path))
      options.metadata = #"{"batch": "SECRET-BATCH"}"#
      options.progress = { done, total in if total > 0 { sent.withLock { $0.append(done) } } }
      let started = try await service.runStep(options)
      #expect(installation.asked == ["POST /api/steps-async/step-1"])
      let execution = try #require(installation.sandbox.vendor.executions.first)
      #expect(execution.id == started.execution.key.id)
      #expect(execution.metadata == #"{"batch": "SECRET-BATCH"}"#)
      #expect(execution.filename == "scan 1.png")
      #expect(started.stepName == "Simulated step")
      #expect(started.document == .small)
      #expect(sent.withLock { $0.last ?? 0 } >= 300_000)
      let known = try #require(try await service.execution(execution.id.rawValue))
      #expect(known.status == .enqueued)
      #expect(known.origin == .run)
      let text = try installation.databaseText
      #expect(!text.contains("SECRET-"))
      #expect(!text.contains("scan 1"))
    }
  }

  @Test("takes a picture, its base64, a data: URI, and an address; a PDF is asked for more slowly")
  func ways() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let encoded = Data(Documents.png).base64EncodedString(options: .lineLength64Characters)
      let sources: [(RunStep.Source, PollingPolicy.Document)] = [
        (.base64File(try installation.file("a.png", Documents.png)), .small),
        (.base64File(try installation.file("b.txt", Array((encoded + "\n").utf8))), .small),
        (.base64File(try installation.file("c.txt", Array("data:image/png;base64,\(encoded)".utf8))), .large),
        (.url("https://files.example.com/x.pdf?token=1"), .large), (.url("https://files.example.com/"), .large),
        (.file(try installation.file("d", Documents.pdf)), .large),
      ]
      for (source, document) in sources {
        #expect(try await service.runStep(Self.options(source)).document == document)
      }
      #expect(installation.sandbox.vendor.executions.count == sources.count)
      #expect(try await service.ledgerStatus(months: nil, only: []).map(\.total.open) == [Int64(sources.count)])
    }
  }

  /// Something that is refused before anything is sent.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Nil leaves the file out.
    var contents: [UInt8]? = Documents.png
    var name = "document.png"
    var isBase64 = false
    var url: String?
    var step = "step-1"
    var metadata: String?
    var organization: String?
    let status: QuotaService.ExitStatus
    let message: String

    init(
      _ what: String, _ contents: [UInt8]? = Documents.png, name: String = "document.png", isBase64: Bool = false,
      url: String? = nil, step: String = "step-1", metadata: String? = nil, organization: String? = "acme",
      is status: QuotaService.ExitStatus, _ message: String
    ) {
      testDescription = what
      (self.contents, self.name, self.isBase64, self.url) = (contents, name, isBase64, url)
      (self.step, self.metadata, self.organization) = (step, metadata, organization)
      (self.status, self.message) = (status, message)
    }

    static let all = [
      Refusal("a file that is not there", nil, is: .inputOutput, "there is no such file"),
      Refusal("a folder", nil, name: "", is: .inputOutput, "it is a directory"),
      Refusal("an empty file", [], is: .unsupportedType, "is empty"),
      Refusal("a text", Array("hello".utf8), name: "a.txt", is: .unsupportedType, "is none of JPEG, PNG"),
      Refusal(
        "a text that is called a PDF", Array("hello".utf8), name: "a.pdf", is: .unsupportedType,
        "though its name says application/pdf"),
      Refusal("what is no base64", Array("*".utf8), isBase64: true, is: .unsupportedType, "nor one of them in base64"),
      Refusal(
        "a text in base64", Array("aGVsbG8=".utf8), isBase64: true, is: .unsupportedType, "nor one of them in base64"),
      Refusal("an address without a scheme", url: "files.example.com/x", is: .usage, "--url expects"),
      Refusal("an address of a file", url: "file:///etc/passwd", is: .usage, "--url expects"),
      Refusal("a step with a slash", step: "../x", is: .usage, "is no step's id"),
      Refusal("metadata that is no JSON", metadata: "{", is: .usage, "--metadata is not JSON"),
      Refusal("metadata that is a list", metadata: "[1]", is: .usage, "instead of a JSON object"),
      Refusal("an organization that is not configured", organization: "acm", is: .usage, "did you mean \"acme\""),
      Refusal("no organization where there are two", organization: nil, is: .usage, "name one with --organization"),
      Refusal("a key that is not there", organization: "globex", is: .keyRejected, "globex"),
    ]
  }

  @Test("refuses before anything is sent", arguments: Refusal.all)
  func refusals(refusal: Refusal) async throws {
    try await Installation.run(["acme", "globex"]) { installation in
      let service = try installation.service(organizations: ["acme", "globex"], environment: ["KEY_globex": ""])
      let path = installation.folder.appending(path: refusal.name).path
      if let contents = refusal.contents, refusal.url == nil { _ = try installation.file(refusal.name, contents) }
      let source: RunStep.Source =
        refusal.url.map { .url($0) } ?? (refusal.isBase64 ? .base64File(path) : .file(path))
      var options = RunStep.Options(step: refusal.step, document: source)
      options.organization = refusal.organization
      options.metadata = refusal.metadata
      let error = await failure { [options] in _ = try await service.runStep(options) }
      #expect(error?.status == refusal.status)
      #expect(error?.lines.joined().contains(refusal.message) == true, "\(error?.lines ?? [])")
      #expect(installation.asked.isEmpty)
    }
  }

  @Test("refuses a document over 100 MB by its size alone, by upload and in base64")
  func tooLarge() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let path = try installation.file("large.png", Documents.png)
      #expect(truncate(path, off_t(DocumentFormat.largestSize) + 1) == 0)
      for source in [RunStep.Source.file(path), .base64File(path)] {
        let error = await failure { _ = try await service.runStep(Self.options(source)) }
        #expect(error?.status == .tooLarge)
        #expect(error?.lines.first?.contains("104,857,601 bytes") == true)
      }
      #expect(installation.asked.isEmpty)
    }
  }

  @Test("has an exit code and a message of its own for every documented error", arguments: VendorProblem.documented)
  func documented(problem: VendorProblem) async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      installation.sandbox.vendor.inject(problem.fault)
      let error = await failure { _ = try await service.runStep(Self.options(.url("https://x.example/a.png"))) }
      #expect(error?.status == problem.status)
      #expect(error?.lines.count == 1)
      #expect(error?.lines.first?.contains(problem.message) == true, "\(error?.lines ?? [])")
      #expect(installation.asked.count == 1)
      #expect(try await service.ledgerStatus(months: nil, only: []).isEmpty)
    }
  }

  @Test(
    "sends a document once, and says so where nobody knows whether the vendor has it",
    arguments: VendorProblem.garbled)
  func outcomeUnknown(problem: VendorProblem) async throws {
    try await Installation.run { installation in
      let service = try installation.service(api: #""retries": 3, "requests_per_second": 10000"#)
      installation.sandbox.vendor.inject(problem.fault)
      let error = await failure { _ = try await service.runStep(Self.options(.url("https://x.example/a.png"))) }
      #expect(error?.status == .outcomeUnknown)
      #expect(installation.asked.count == 1)
    }
  }

  @Test("says that nobody is there, which is no doubt")
  func unreachable() async throws {
    try await Installation.run { installation in
      let service = try installation.service(api: #""base_url": "http://127.0.0.1:1", "retries": 0"#)
      let error = await failure { _ = try await service.runStep(Self.options(.url("https://x.example/a.png"))) }
      #expect(error?.status == .unreachable)
    }
  }

  @Test("waits as long as a rate limit lasts, and sends the document then")
  func rateLimit() async throws {
    try await Installation.run { installation in
      let service = installation.following(
        try installation.service(api: #""retries": 3, "requests_per_second": 10000"#))
      let body = #"{"error": "Rate limit exceeded", "limitType": "minute", "retryAfter": 50}"#
      installation.sandbox.vendor.inject(.status(429, body: body), times: 1)
      _ = try await service.runStep(Self.options(.url("https://x.example/a.png")))
      let times = installation.sandbox.vendor.requests.entries.map(\.vendorTime)
      #expect(times.count == 2)
      #expect(times[1].timeIntervalSince(times[0]) >= 50)
      #expect(times[1].timeIntervalSince(times[0]) < 60)
      installation.sandbox.vendor.inject(.status(429, body: body), times: 1)
      var short = Self.options(.url("https://x.example/a.png"))
      short.timeout = .seconds(20)
      let error = await failure { [short] in _ = try await service.runStep(short) }
      #expect(error?.status == .rateLimited)
      #expect(installation.asked.count == 3)
    }
  }
}
