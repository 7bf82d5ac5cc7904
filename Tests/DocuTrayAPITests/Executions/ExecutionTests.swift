import DocuTrayAPI
import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

/// The client with its clock at 23 November 2026 and one key.
struct ExecutionsUnderTest {
  static let now = moment("2026-11-23T12:00")
  static let key = "dt_live_4f9a1c77e2"

  static func id(_ text: String) throws -> ExecutionID { try #require(ExecutionID(rawValue: text)) }

  private static func api(_ http: FakeHTTPTransport) -> DocuTrayExecutions {
    DocuTrayExecutions(transport: http, baseURL: "https://api.example.com/", now: { now })
  }

  static func status(
    _ http: FakeHTTPTransport, kind: ExecutionKind = .step
  ) async throws -> Result<ExecutionAnswer, ExecutionFailure> {
    let id = try id("cm5v1")
    do throws(ExecutionFailure) {
      return .success(try await api(http).status(of: id, kind: kind, key: Secret(key)))
    } catch {
      return .failure(error)
    }
  }

  static func execute(
    _ http: FakeHTTPTransport, _ document: StepOrder.Document, metadata: String? = nil
  ) async throws -> Result<ExecutionAnswer, ExecutionFailure> {
    let order = StepOrder(step: try id("step-1"), document: document, metadata: metadata.map { Array($0.utf8) })
    do throws(ExecutionFailure) {
      return .success(try await api(http).execute(order, key: Secret(key)) { _, _ in })
    } catch {
      return .failure(error)
    }
  }
}

extension Result {
  /// What went wrong, if something did.
  var problem: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}

@Suite("The state of an execution")
struct ExecutionStatusTests {
  @Test(
    "is asked for at the endpoint of its kind, with the key",
    arguments: [
      (.step, "https://api.example.com/api/steps-async/status/cm5v1"),
      (.conversion, "https://api.example.com/api/convert-async/status/cm5v1"),
      (.identification, "https://api.example.com/api/identify-async/status/cm5v1"),
    ] as [(ExecutionKind, String)])
  func endpoints(kind: ExecutionKind, url: String) async throws {
    let http = FakeHTTPTransport(status: 200, body: #"{"status": "ENQUEUED"}"#)
    #expect(try await ExecutionsUnderTest.status(http, kind: kind).get().status == .enqueued)
    let request = try #require(http.requests.first)
    #expect(request.method == .get)
    #expect(request.url.reveal() == url)
    #expect(request.header("authorization") == "Bearer \(ExecutionsUnderTest.key)")
  }

  @Test("comes with its times, and with its end only if it has ended")
  func times() async throws {
    let success = #"""
      {"conversion_id": "cm5v1", "status": "SUCCESS", "request_timestamp": "2026-11-23T11:00:00.000Z",
       "response_timestamp": "2026-11-23T11:00:09.250Z", "data": {"total": "12.00"}, "step_name": "Invoice\nx"}
      """#
    let answer = try await ExecutionsUnderTest.status(FakeHTTPTransport(status: 200, body: success)).get()
    #expect(answer.status == .success)
    #expect(answer.requestedAt == moment("2026-11-23T11:00"))
    #expect(answer.endedAt?.iso8601 == "2026-11-23T11:00:09.250Z")
    #expect(answer.stepName == "Invoice x")
    #expect(answer.seenAt == ExecutionsUnderTest.now)
    let open = success.replacing("SUCCESS", with: "PROCESSING")
    #expect(try await ExecutionsUnderTest.status(FakeHTTPTransport(status: 200, body: open)).get().endedAt == nil)
  }

  @Test(
    "tells why it failed, be that text or an object",
    arguments: [
      (#""Page 3 is blank""#, "Page 3 is blank"), (#"{"message": "No text"}"#, "No text"), (#"{"code": "E7"}"#, "E7"),
      ("null", nil), (#"{"x": 1}"#, nil), (#""key dt_live_4f9a1c77e2""#, "key ‹secret›"),
    ])
  func problems(error: String, text: String?) async throws {
    let http = FakeHTTPTransport(status: 200, body: #"{"id": "cm5v1", "status": "ERROR", "error": \#(error)}"#)
    #expect(try await ExecutionsUnderTest.status(http).get().problem == text)
  }

  @Test(
    "is believed only if the answer is one about this execution",
    arguments: [
      #"{"conversion_id": "cm5v2", "status": "SUCCESS"}"#, #"{"conversion_id": "cm5v1"}"#, "[]", "", "<html>", "{",
      #"{"id": "cm5v1", "status": "DOCUMENT CONTENT"}"#, #"{"id": "cm5v1", "status": 1}"#,
    ])
  func invalid(body: String) async throws {
    let failure = try await ExecutionsUnderTest.status(FakeHTTPTransport(status: 200, body: body)).problem
    #expect(failure?.reason == (body == "<html>" ? .gateway : .invalidAnswer))
    #expect(failure?.retry == .never)
  }

  @Test("may be named by any of the three names", arguments: ["id", "conversion_id", "execution_id"])
  func names(name: String) async throws {
    let http = FakeHTTPTransport(status: 200, body: #"{"\#(name)": "cm5v1", "status": "SUCCESS"}"#)
    #expect(try await ExecutionsUnderTest.status(http).get().status == .success)
    let started = FakeHTTPTransport(status: 202, body: #"{"\#(name)": "cm5v7", "status": "ENQUEUED"}"#)
    #expect(try await ExecutionsUnderTest.execute(started, .url("https://x/", nil)).get().id.rawValue == "cm5v7")
  }
}

@Suite("Sending a document")
struct ExecuteTests {
  private static let taken = #"{"id": "cm5v9", "status": "ENQUEUED", "step_id": "step-1", "step_name": "Invoices"}"#

  @Test("by upload puts the file into the field image, without loading it")
  func upload() async throws {
    let http = FakeHTTPTransport(status: 202, body: Self.taken)
    let document = StepOrder.Document.upload(path: "/docs/a b.pdf", format: .pdf)
    let answer = try await ExecutionsUnderTest.execute(http, document, metadata: #"{"a":1}"#).get()
    #expect(answer.id.rawValue == "cm5v9")
    #expect(answer.stepName == "Invoices")
    let request = try #require(http.requests.first)
    #expect(request.url.reveal() == "https://api.example.com/api/steps-async/step-1")
    #expect(request.body == nil)
    let parts = try #require(request.form?.parts)
    #expect(parts.map(\.field) == ["image", "document_metadata"])
    #expect(parts.map(\.contentType) == ["application/pdf", nil])
    guard case .file("/docs/a b.pdf", "a b.pdf") = parts[0].content, case .text(#"{"a":1}"#) = parts[1].content else {
      Issue.record("the form is wrong")
      return
    }
  }

  @Test(
    "as base64 or by its address is JSON, with a type where one is known",
    arguments: [
      (.base64(Array("AAAA".utf8), .png), nil, #"{"image_base64":"AAAA","image_content_type":"image/png"}"#),
      (.base64(Array("data:image/gif;base64,AAAA".utf8), nil), nil, #"{"image_base64":"data:image/gif;base64,AAAA"}"#),
      (
        .url("https://x.example/a?b=\"c\"", .pdf), #"{"n":[1,{"z":"ü"}]}"#,
        #"{"image_url":"https:\/\/x.example\/a?b=\"c\"","image_content_type":"application/pdf","document_metadata":{"n":[1,{"z":"ü"}]}}"#
      ),
    ] as [(StepOrder.Document, String?, String)])
  func json(document: StepOrder.Document, metadata: String?, body: String) async throws {
    let http = FakeHTTPTransport(status: 200, body: Self.taken)
    _ = try await ExecutionsUnderTest.execute(http, document, metadata: metadata).get()
    let request = try #require(http.requests.first)
    #expect(request.header("content-type") == "application/json")
    #expect(String(decoding: request.body ?? [], as: UTF8.self) == body)
  }

  @Test(
    "is never repeated blindly: an end in the middle leaves open whether there is an execution",
    arguments: [
      (.unreachable("x"), .unreachable, true), (.tls("x"), .unreachable, true),
      (.disconnected("x"), .outcomeUnknown, false),
      (.timeout("x"), .outcomeUnknown, false), (.tooLarge(limit: 1), .outcomeUnknown, false),
      (.cancelled, .outcomeUnknown, false), (.refused("x"), .invalidRequest, false),
    ] as [(TransportError, ExecutionFailure.Reason, Bool)])
  func transport(error: TransportError, reason: ExecutionFailure.Reason, isRetryable: Bool) async throws {
    let failure = try await ExecutionsUnderTest.execute(FakeHTTPTransport(.failure(error)), .url("https://x/", nil))
      .problem
    #expect(failure?.reason == reason)
    #expect((failure?.retry == .never) == !isRetryable)
  }

  @Test("that is answered by what says nothing leaves the outcome open", arguments: ["", "{}", "<html>"], [200, 202])
  func unreadable(body: String, status: Int) async throws {
    let http = FakeHTTPTransport(status: status, body: body)
    let problem = try await ExecutionsUnderTest.execute(http, .url("https://x/", nil)).problem
    #expect(problem?.reason == .outcomeUnknown)
    #expect(problem?.message.hasPrefix("it is not known whether the vendor has taken the document: ") == true)
  }
}

@Suite("An error of the vendor about an execution")
struct ExecutionFailureTests {
  @Test(
    "has a reason and a message of its own",
    arguments: [
      (400, #"{"message": "Invalid execution ID format"}"#, .invalidRequest, "Invalid execution ID format"),
      (400, #"{"message": "Validation error", "errors": ["image is required"]}"#, .invalidRequest, "image is required"),
      (401, #"{"error": "Invalid API key"}"#, .keyRejected, "Invalid API key"),
      (401, #"{"error": "Unauthorized"}"#, .keyRejected, "Unauthorized"),
      (403, #"{"message": "Access denied to this execution"}"#, .accessDenied, "Access denied"),
      (404, #"{"message": "Execution not found"}"#, .notFound, "Execution not found"),
      (408, #"{"message": "t"}"#, .downloadTimeout, "download"), (413, #"{"message": "t"}"#, .tooLarge, "too large"),
      (415, #"{"message": "t"}"#, .unsupportedType, "type"), (429, "", .rateLimited, "limit"),
      (500, #"{"message": "Internal server error: x"}"#, .serverError, "Internal server error"),
      (503, "<html>", .serverError, "HTTP 503"), (302, "", .gateway, "redirect"),
      (403, "", .gateway, "an empty answer"),
      (401, "<html>", .gateway, "a web page"),
      (403, #"{"message": "Too many requests"}"#, .rateLimited, "Too many requests"),
      (418, "", .invalidAnswer, "418"),
      (204, "", .invalidAnswer, "204"),
    ] as [(Int, String, ExecutionFailure.Reason, String)])
  func reasons(status: Int, body: String, reason: ExecutionFailure.Reason, text: String) async throws {
    let asked = try await ExecutionsUnderTest.status(FakeHTTPTransport(status: status, body: body)).problem
    let sent = try await ExecutionsUnderTest.execute(
      FakeHTTPTransport(status: status, body: body), .url("https://x/", nil)
    ).problem
    for failure in [asked, sent] {
      #expect(failure?.reason == reason)
      #expect(failure?.message.contains(text) == true)
      #expect(failure?.message.contains("\n") == false)
    }
  }

  @Test(
    "429 is obeyed as it is told: by header, by retryAfter, or by resetTime in whatever unit",
    arguments: [
      (nil, #"{"limitType": "minute", "retryAfter": 12}"#, 12), ("30", #"{"retryAfter": 12}"#, 30),
      (nil, #"{"retryAfter": 7200, "limitType": "day"}"#, 7_200), (nil, #"{"retryAfter": 999999999}"#, 86_400),
      (nil, #"{"retryAfter": 0, "resetTime": 1795435245}"#, 45), (nil, #"{"resetTime": 1795435245000}"#, 45),
      (nil, #"{"resetTime": 45}"#, 45), (nil, #"{"retryAfter": 0, "resetTime": 0}"#, nil), (nil, "{}", nil),
      (nil, #"{"resetTime": 1795435100}"#, nil), (nil, #"{"resetTime": 1e300}"#, nil),
      (nil, #"{"resetTime": "x"}"#, nil),
    ] as [(String?, String, Int64?)])
  func rateLimits(header: String?, body: String, seconds: Int64?) async throws {
    let headers = header.map { [(name: "retry-after", value: $0)] } ?? []
    let failure = try await ExecutionsUnderTest.status(FakeHTTPTransport(status: 429, body: body, headers: headers))
      .problem
    #expect(failure?.retry == .possible(notBefore: seconds.map { .seconds($0) }))
  }

  @Test("429 names the limit that is used up", arguments: ["minute", "hour", "day"])
  func limitTypes(type: String) async throws {
    let http = FakeHTTPTransport(
      status: 429, body: #"{"error": "Rate limit exceeded", "limitType": "\#(type)", "retryAfter": 90}"#)
    let message = try await ExecutionsUnderTest.status(http).problem?.message
    #expect(
      message == "the vendor's limit per \(type) is used up (HTTP 429), which is over in 90s: Rate limit exceeded")
  }

  @Test("never repeats the key, nor anything of a document")
  func secrets() async throws {
    let body = #"{"message": "dt_live_4f9a1c77e2 is wrong", "data": "DOCUMENT"}"#
    for status in [400, 401, 403, 404, 408, 413, 415, 429, 500] {
      let message = try await ExecutionsUnderTest.status(FakeHTTPTransport(status: status, body: body)).problem?.message
      #expect(message?.contains("dt_live") == false)
      #expect(message?.contains("DOCUMENT") == false)
    }
  }
}
