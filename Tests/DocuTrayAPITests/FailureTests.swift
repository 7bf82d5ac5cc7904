import DocuTrayAPI
import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("An error of the vendor")
struct FailureTests {
  private let vendor = VendorUnderTest()

  @Test(
    "is told apart by its status",
    arguments: [
      (401, .keyRejected, false), (403, .keyRejected, false), (429, .rateLimited, true), (408, .serverError, true),
      (425, .serverError, true), (500, .serverError, true), (503, .serverError, true), (599, .serverError, true),
      (400, .invalidAnswer, false), (404, .invalidAnswer, false), (418, .invalidAnswer, false),
      (301, .gateway, false), (302, .gateway, false), (307, .gateway, false), (407, .gateway, false),
      (511, .gateway, false),
      (100, .invalidAnswer, false), (600, .invalidAnswer, false),
    ] as [(Int, ReadingFailure.Reason, Bool)])
  func statuses(status: Int, reason: ReadingFailure.Reason, isRetryable: Bool) async throws {
    let http = FakeHTTPTransport(
      status: status, body: #"{"error": "why"}"#, headers: [("location", "https://evil.example")])
    let failure = try #require(await vendor.failure(http))
    #expect(failure.reason == reason)
    #expect(failure.retry == (isRetryable ? .possible(notBefore: nil) : .never))
    #expect(failure.message.contains("HTTP \(status)"))
    #expect(!failure.message.contains("evil.example"))
    #expect(http.requests.count == 1)
  }

  @Test("that redirects is named a redirect")
  func redirect() async throws {
    let failure = try #require(await vendor.failure(FakeHTTPTransport(status: 302)))
    #expect(failure.message.contains("redirect"))
  }

  @Test(
    "is quoted from `error` or `message`, and from nothing else",
    arguments: [
      (#"{"error": "Invalid API key"}"#, ": Invalid API key"), (#"{"message": "Access denied"}"#, ": Access denied"),
      (#"{"error": "a", "message": "b"}"#, ": a"), (#"{"error": {"code": 7}, "message": "b"}"#, ": b"),
      (#"{"error": "", "message": "b"}"#, ": b"), (#"{"data": "a document's content"}"#, ""), ("", ""), ("{", ""),
      (#"{"message": "two\r\nlines \u001b[31m"}"#, ": two lines [31m"), ("[]", ""), (#"{"error": null}"#, ""),
    ])
  func texts(body: String, ending: String) async throws {
    let failure = try #require(await vendor.failure(FakeHTTPTransport(status: 400, body: body)))
    #expect(failure.message == "the vendor refuses the request (HTTP 400)\(ending)")
  }

  @Test("is quoted up to 200 characters")
  func long() async throws {
    let http = FakeHTTPTransport(status: 404, body: #"{"error": "\#(String(repeating: "x", count: 5_000))"}"#)
    let failure = try #require(await vendor.failure(http))
    #expect(failure.message.filter { $0 == "x" }.count == 199)
  }

  @Test(
    "never repeats the key",
    arguments: [
      "Invalid API key %", "Bearer % is unknown", String(repeating: "y", count: 195) + "%", "%\u{301}",
      "dt_live_\u{200F}%",
    ],
    [400, 401, 404, 429, 500])
  func echoedKey(text: String, status: Int) async throws {
    let echo = text.replacing("%", with: VendorUnderTest.key)
    let http = FakeHTTPTransport(status: status, body: #"{"error": "\#(echo)"}"#)
    let failure = try #require(await vendor.failure(http))
    #expect(!failure.message.contains("4f9a"))
    #expect(!"\(failure)".contains("4f9a"))
  }

  @Test(
    "is tried again no earlier than the header and the body say",
    arguments: [
      ("30", "{}", 30), (nil, #"{"retryAfter": 45}"#, 45), ("30", #"{"retryAfter": 45}"#, 45),
      ("60", #"{"retryAfter": 45}"#, 60), (nil, #"{"retryAfter": "45"}"#, 45), (nil, #"{"retryAfter": 0}"#, 1),
      ("0", "", 1), ("999999", "", 3_600), ("soon", #"{"retryAfter": -1}"#, nil), ("soon", "<html>", nil),
      ("Mon, 23 Nov 2026 12:02:00 GMT", "", 120), ("Mon, 23 Nov 2026 11:00:00 GMT", "", 1),
    ] as [(String?, String, Int64?)],
    [429, 503])
  func retryAfter(told: (header: String?, body: String, seconds: Int64?), status: Int) async throws {
    let headers = told.header.map { [(name: "retry-after", value: $0)] } ?? []
    let failure = try #require(
      await vendor.failure(FakeHTTPTransport(status: status, body: told.body, headers: headers)))
    #expect(failure.retry == .possible(notBefore: told.seconds.map { .seconds($0) }))
  }

  @Test(
    "of the network is told apart",
    arguments: [
      (.unreachable("no route"), .unreachable, true), (.disconnected("reset"), .unreachable, true),
      (.timeout("after 30 s"), .timeout, true), (.tls("self-signed"), .unreachable, true),
      (.tooLarge(limit: 1_048_576), .invalidAnswer, false), (.refused("scheme ftp"), .unreachable, false),
      (.protocolViolation("not HTTP"), .invalidAnswer, false), (.cancelled, .deadline, false),
    ] as [(TransportError, ReadingFailure.Reason, Bool)])
  func transport(error: TransportError, reason: ReadingFailure.Reason, isRetryable: Bool) async throws {
    let failure = try #require(await vendor.failure(FakeHTTPTransport(.failure(error))))
    #expect(failure.reason == reason)
    #expect(failure.message == error.message)
    #expect(failure.retry == (isRetryable ? .possible(notBefore: nil) : .never))
  }
}
