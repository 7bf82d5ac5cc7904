import Foundation
import QuotaCore
import Sandbox
import Testing

/// What a client sends to execute a step.
private struct StepCall: Sendable, CustomTestStringConvertible {
  let what: String
  var type = "application/json"
  var body: String
  let status: Int
  var answer = ""

  var testDescription: String { what }

  static let png = #""image_base64": "iVBORw0KGgo=", "image_content_type": "image/png""#

  static func form(_ part: String, end: String = "--B--\r\n") -> String {
    "--B\r\nContent-Disposition: form-data; \(part)\r\n\r\nbytes\r\n" + end
  }
  static let metadata = #"Content-Disposition: form-data; name="document_metadata"\#r\#n\#r\#n{"batch":7}"#
  static let image = "name=\"image\"; filename=\"a.png\"\r\nContent-Type: image/png"

  static let all = [
    StepCall(what: "base64", body: "{\(png)}", status: 202),
    StepCall(what: "a data: URI", body: #"{"image_base64": "data:image/png;base64,iVBORw0KGgo="}"#, status: 202),
    StepCall(what: "an address", body: #"{"image_url": "https://files.example.com/a.pdf"}"#, status: 202),
    StepCall(what: "an upload", type: "multipart/form-data; boundary=B", body: form(image), status: 202),
    StepCall(
      what: "an upload with its metadata first", type: "multipart/form-data; boundary=B",
      body: "--B\r\n\(metadata)\r\n" + form(image), status: 202),
    StepCall(
      what: "an upload as other clients write it", type: "Multipart/Form-Data; charset=utf-8; Boundary=\"B b\"",
      body:
        "preamble\r\n--B b \r\ncontent-type: image/PNG; x=y\r\nContent-disposition: form-data; filename*=utf-8''%C3%A4; "
        + "name=image\r\n\r\n\r\n--B\r\n\r\n--B b\r\n\(metadata)\r\n--B b--",
      status: 202),
    StepCall(
      what: "an upload whose type is in a field of its own", type: "multipart/form-data; boundary=B",
      body: "--B\r\nContent-Disposition: form-data; name=\"image_content_type\"\r\n\r\nimage/png\r\n"
        + form("name=\"image\"; filename=\"a\""), status: 202),
    StepCall(
      what: "an upload with metadata that is no object", type: "multipart/form-data; boundary=B",
      body: form(image, end: "--B\r\n\(metadata.replacing("{", with: "["))\r\n--B--"), status: 400),
    StepCall(
      what: "a text in the place of the file", type: "multipart/form-data; boundary=B", body: form("name=\"image\""),
      status: 400, answer: #"{"message":"Validation error","errors":["image is required"]}"#),
    StepCall(
      what: "a part without headers", type: "multipart/form-data; boundary=B", body: "--B\r\n\r\nx\r\n--B--",
      status: 400),
    StepCall(
      what: "a form without a boundary", type: "multipart/form-data", body: form(image), status: 415),
    StepCall(
      what: "base64 without a type", body: #"{"image_base64": "iVBORw0KGgo="}"#, status: 400,
      answer: #"{"message":"Validation error","errors":["image_content_type is required"]}"#),
    StepCall(
      what: "something else in base64", body: #"{"image_base64": "…", "image_content_type": "image/png"}"#, status: 400),
    StepCall(what: "no document", body: "{}", status: 400),
    StepCall(what: "no JSON", body: "{", status: 400),
    StepCall(
      what: "metadata that is no object", body: "{\(png), \"document_metadata\": 7}", status: 400),
    StepCall(
      what: "an upload in another field", type: "multipart/form-data; boundary=B",
      body: form("name=\"file\"\r\nContent-Type: image/png"), status: 400),
    StepCall(
      what: "an upload that is cut off", type: "multipart/form-data; boundary=B", body: form(image, end: ""),
      status: 400),
    StepCall(
      what: "an address that is slow", body: #"{"image_url": "https://slow.invalid/a.pdf"}"#, status: 408,
      answer: #"{"message":"The document could not be downloaded within 30 seconds"}"#),
    StepCall(
      what: "a type that is not taken", body: #"{"image_base64": "AA==", "image_content_type": "image/tiff"}"#,
      status: 415, answer: #"{"message":"Unsupported content type"}"#),
    StepCall(
      what: "an upload of such a type", type: "multipart/form-data; boundary=B",
      body: form("name=\"image\"\r\nContent-Type: text/plain"), status: 415),
    StepCall(what: "another kind of body", type: "text/plain", body: "x", status: 415),
  ]
}

@Suite(.timeLimit(.minutes(5)))
struct `The vendor's endpoints for executions` {
  private static func get(_ path: String, _ sandbox: Sandbox, key: String? = "acme-key") async throws -> Answer {
    let headers = key.map { ["Authorization": "Bearer \($0)"] } ?? [:]
    return try #require(try await send("GET", path, to: sandbox, headers: headers))
  }

  @Test(arguments: StepCall.all)
  private func `take documents in three ways, and refuse what is documented to be refused`(call: StepCall) async throws
  {
    try await withSandbox { sandbox async throws in
      let answer = try #require(
        try await send(
          "POST", "/api/steps-async/step-9", to: sandbox,
          headers: ["Authorization": "Bearer acme-key", "Content-Type": call.type], body: call.body))
      #expect(answer.status == call.status)
      if !call.answer.isEmpty { #expect(answer.body == call.answer) }
      guard call.status == 202 else {
        #expect(answer.json?["message"]?.string?.isEmpty == false)
        return #expect(sandbox.vendor.executions.isEmpty)
      }
      #expect(answer.json?["id"]?.string == sandbox.vendor.executions.first?.id.rawValue)
      #expect(answer.json?["status"]?.string == "ENQUEUED")
      #expect(answer.json?["step_id"]?.string == "step-9")
      #expect(answer.json?["step_name"]?.string?.isEmpty == false)
    }
  }

  @Test(
    arguments: [
      (ExecutionKind.step, "/api/steps-async/status/", "conversion_id", "step_id"),
      (.conversion, "/api/convert-async/status/", "conversion_id", "document_type_code"),
      (.identification, "/api/identify-async/status/", "identification_id", nil),
    ] as [(ExecutionKind, String, String, String?)])
  func `say how far an execution is, each at the endpoint of its kind`(
    kind: ExecutionKind, path: String, idName: String, further: String?
  ) async throws {
    try await withSandbox { sandbox async throws in
      let id = try #require(sandbox.vendor.addExecution(of: acme, kind: kind)).id
      for (wait, status) in [(0.0, "ENQUEUED"), (1, "PROCESSING"), (2, "SUCCESS")] {
        sandbox.vendor.now = sandbox.vendor.now.addingTimeInterval(wait)
        let answer = try await Self.get(path + id.rawValue, sandbox)
        #expect(answer.status == 200)
        #expect(answer.json?[idName]?.string == id.rawValue)
        #expect(answer.json?["status"]?.string == status)
        #expect(answer.json?["request_timestamp"]?.string == "2026-11-05T12:00:00.000Z")
        let isOver = status == "SUCCESS"
        #expect(answer.json?["response_timestamp"]?.string == (isOver ? "2026-11-05T12:00:03.000Z" : nil))
        #expect((answer.json?["data"] != nil) == isOver)
        if let further { #expect(answer.json?[further]?.string != nil) }
      }
      #expect(sandbox.vendor.usage(of: acme, in: try month("2026-11")) == Counters(pages: 1, conversions: 1))
      let elsewhere = ExecutionKind.allCases.filter { $0 != kind }
      for other in elsewhere {
        let path =
          other == .step
          ? "/api/steps-async/status/"
          : other == .conversion ? "/api/convert-async/status/" : "/api/identify-async/status/"
        #expect(try await Self.get(path + id.rawValue, sandbox).status == 404)
      }
    }
  }

  @Test(arguments: [ExecutionPlan.ErrorForm.object, .text])
  func `tell an error as an object or as a text, and count nothing`(form: ExecutionPlan.ErrorForm) async throws {
    try await withSandbox { sandbox async throws in
      let plan = ExecutionPlan(enqueued: 0, processing: 0, outcome: .error, errorForm: form)
      let id = try #require(sandbox.vendor.addExecution(of: acme, kind: .step, plan: plan)).id
      let answer = try await Self.get("/api/steps-async/status/\(id)", sandbox)
      #expect(answer.json?["status"]?.string == "ERROR")
      let error = answer.json?["error"]
      #expect((form == .text ? error : error?["message"])?.string == "The document cannot be read")
      #expect(answer.json?["data"] == nil)
      #expect(sandbox.vendor.usage(of: acme, in: try month("2026-11")) == .zero)
    }
  }

  @Test func `answer 400, 401, 403 and 404 with the documented bodies`() async throws {
    try await withSandbox { sandbox async throws in
      let id = try #require(sandbox.vendor.addExecution(of: globex, kind: .step)).id
      let path = "/api/steps-async/status/"
      let answers = [
        (try await Self.get(path + "%20", sandbox), 400, #"{"message":"Invalid execution ID format"}"#),
        (try await Self.get(path + "x", sandbox, key: "nobody"), 401, #"{"error":"Invalid API key"}"#),
        (try await Self.get(path + "x", sandbox, key: nil), 401, #"{"error":"Unauthorized"}"#),
        (try await Self.get(path + id.rawValue, sandbox), 403, #"{"message":"Access denied to this execution"}"#),
        (try await Self.get(path + "cm5vunknown", sandbox), 404, #"{"message":"Execution not found"}"#),
      ]
      for (answer, status, body) in answers {
        #expect(answer.status == status)
        #expect(answer.body == body)
      }
    }
  }

  @Test(
    arguments: [
      ("/api/convert-async", #""document_type_code": "receipt""#, 202, "conversion_id"),
      ("/api/convert", #""document_type_code": "receipt""#, 200, nil),
      ("/api/convert-async", #""document_type_codes": "receipt""#, 400, nil),
      ("/api/convert", #""document_type_code": 7"#, 400, nil),
      ("/api/identify-async", #""document_type_code_options": ["receipt"]"#, 202, "identification_id"),
      ("/api/identify", #""document_type_code_options": ["receipt", "invoice"]"#, 200, nil),
      ("/api/identify", #""document_type_code_options": "receipt""#, 400, nil),
      ("/api/identify", #""document_type_code_options": [1]"#, 400, nil),
    ] as [(String, String, Int, String?)])
  func `convert and identify, later or at once`(path: String, members: String, status: Int, idName: String?)
    async throws
  {
    try await withSandbox { sandbox async throws in
      let answer = try #require(
        try await send(
          "POST", path, to: sandbox,
          headers: ["Authorization": "Bearer acme-key", "Content-Type": "application/json"],
          body: "{\(StepCall.png), \(members)}"))
      #expect(answer.status == status, "\(answer.body)")
      #expect(idName.map { answer.json?[$0]?.string != nil } ?? true)
      sandbox.vendor.now += 60
      let counted: Int64 = status == 400 ? 0 : 1
      #expect(
        sandbox.vendor.usage(of: acme, in: try month("2026-11")) == Counters(pages: counted, conversions: counted))
      guard let id = sandbox.vendor.executions.first?.id else { return #expect(status == 400) }
      let ended = try await Self.get("\(path.hasSuffix("-async") ? path : path + "-async")/status/\(id)", sandbox)
      #expect(ended.json?["status"]?.string == "SUCCESS")
      #expect((ended.json?["document_type_code"] ?? ended.json?["document_type"]?["code"])?.string == "receipt")
      guard status == 200 else { return }
      #expect((answer.json?["document_type"]?["code"]?.string == "receipt") == path.hasSuffix("identify"))
      #expect(answer.json?["data"] != nil)
    }
  }

  @Test func `answer at once that a document cannot be read, and count nothing`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.executionPlan = ExecutionPlan(outcome: .error)
      let answer = try await send(
        "POST", "/api/identify", to: sandbox,
        headers: ["Authorization": "Bearer acme-key", "Content-Type": "application/json"], body: "{\(StepCall.png)}")
      #expect(answer?.status == 400)
      #expect(answer?.body == #"{"message":"The document cannot be read"}"#)
      #expect(sandbox.vendor.usage(of: acme, in: try month("2026-11")) == .zero)
    }
  }

  @Test(arguments: ["application/json", "multipart/form-data; boundary=B"])
  func `refuse what is over 100 MB`(type: String) async throws {
    try await withSandbox { sandbox async throws in
      // Neither has to be read to its end.
      let limit = type == "application/json" ? (100 << 20) / 3 * 4 : 100 << 20
      let body = String(repeating: " ", count: limit + (65 << 10))
      let answer = try #require(
        try await send(
          "POST", "/api/steps-async/s", to: sandbox,
          headers: ["Authorization": "Bearer acme-key", "Content-Type": type], body: body))
      #expect(answer.status == 413)
      #expect(answer.body == #"{"message":"The file is larger than 100 MB"}"#)
    }
  }

  @Test func `give metadata and the file's name back`() async throws {
    try await withSandbox { sandbox async throws in
      let metadata =
        "--B\r\nContent-Disposition: form-data; name=\"document_metadata\"\r\n\r\n{\"batch\":7}\r\n--B--\r\n"
      let body = StepCall.form(StepCall.image, end: metadata)
      _ = try await send(
        "POST", "/api/steps-async/s", to: sandbox,
        headers: ["Authorization": "Bearer acme-key", "Content-Type": "multipart/form-data; boundary=B"], body: body)
      let id = try #require(sandbox.vendor.executions.first?.id)
      let answer = try await Self.get("/api/steps-async/status/\(id)", sandbox)
      #expect(answer.json?["original_filename"]?.string == "a.png")
      #expect(answer.json?["document_metadata"]?["batch"]?.integer == 7)
    }
  }

  @Test(arguments: [(60, "minute"), (3_600, "hour"), (86_400, "day")])
  func `limit the rate by minute, hour and day`(seconds: Int, type: String) async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.limitRate(RateLimit(requests: 1, perSeconds: seconds), of: acme)
      _ = try await Self.get("/api/steps-async/status/x", sandbox)
      let answer = try await Self.get("/api/steps-async/status/x", sandbox)
      #expect(answer.status == 429)
      #expect(answer.json?["error"]?.string == "Rate limit exceeded")
      #expect(answer.json?["limitType"]?.string == type)
      #expect(answer.json?["limit"]?.integer == 1)
      #expect(answer.json?["remaining"]?.integer == 0)
      let wait = try #require(answer.json?["retryAfter"]?.integer)
      #expect((1...Int64(seconds)).contains(wait))
      #expect(answer.headers["retry-after"] == String(wait))
      let now = Int64(sandbox.vendor.now.timeIntervalSince1970)
      #expect(answer.json?["resetTime"]?.integer == now + wait)
    }
  }

  @Test func `fail one by one where a fault names the endpoint`() async throws {
    try await withSandbox { sandbox async throws in
      sandbox.vendor.inject(.status(503), at: .status)
      sandbox.vendor.inject(.status(500), at: .steps)
      sandbox.vendor.inject(.status(501), at: .convert)
      sandbox.vendor.inject(.status(502), at: .identify)
      #expect(try await usage(sandbox, key: "acme-key")?.status == 200)
      #expect(try await Self.get("/api/steps-async/status/x", sandbox).status == 503)
      let step = try await send(
        "POST", "/api/steps-async/s", to: sandbox, headers: ["Authorization": "Bearer acme-key"])
      #expect(step?.status == 500)
      for (path, status) in [("convert", 501), ("convert-async", 501), ("identify", 502), ("identify-async", 502)] {
        let answer = try await send("POST", "/api/\(path)", to: sandbox, headers: ["Authorization": "Bearer acme-key"])
        #expect(answer?.status == status)
      }
      let set = try await send(
        "POST", "/sandbox/faults", to: sandbox, body: #"{"fault": "status", "status": 408, "endpoint": "usage"}"#)
      #expect(set?.status == 200)
      #expect(try await usage(sandbox, key: "acme-key")?.status == 408)
    }
  }

  @Test func `send webhooks of each kind, signed over the body`() async throws {
    try await withSandbox { sandbox async throws in
      for (kind, name, word) in [
        (ExecutionKind.step, "step_execution_id", "completed"), (.conversion, "conversion_id", "SUCCESS"),
        (.identification, "identification_id", "SUCCESS"),
      ] {
        let plan = ExecutionPlan(enqueued: 0, processing: 0)
        let execution = try #require(sandbox.vendor.addExecution(of: acme, kind: kind, plan: plan))
        let webhook = VendorWebhook(execution, at: sandbox.vendor.now, secret: "s")
        let json = try JSONParser.parse(webhook.body)
        #expect(json[name]?.string == execution.id.rawValue)
        #expect(json["status"]?.string == word)
        #expect(webhook.headers.contains { $0.name == "User-Agent" && $0.value == "Docutray-Webhook/1.0" })
        let signature = try #require(webhook.headers.first { $0.name == "X-Docutray-Signature" }?.value)
        #expect(signature.hasPrefix("sha256=") && signature.count == 71)
        #expect(VendorWebhook(body: webhook.body, secret: "t").headers.last?.value != signature)
      }
    }
  }
}
