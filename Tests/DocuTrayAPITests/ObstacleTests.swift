import DocuTrayAPI
import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("What answers instead of the vendor")
struct ObstacleTests {
  private let vendor = VendorUnderTest()

  /// An answer, and what is made of it.
  struct Answer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: Int
    var headers: [(name: String, value: String)] = []
    var body = ""
    let reason: ReadingFailure.Reason
    /// A part of the message.
    var words = ""

    init(
      _ what: String, _ status: Int, _ headers: [(name: String, value: String)] = [], _ body: String,
      is reason: ReadingFailure.Reason, _ words: String = ""
    ) {
      testDescription = "\(what) (\(status))"
      (self.status, self.headers, self.body, self.reason, self.words) = (status, headers, body, reason, words)
    }

    static let json = [(name: "content-type", value: "application/json")]
    static let all = [
      Answer("the vendor", 401, json, #"{"error": "Invalid API key"}"#, is: .keyRejected, ": Invalid API key"),
      Answer("the vendor", 401, [], #"{"message": "Unauthorized"}"#, is: .keyRejected),
      Answer("the vendor", 403, json, #"{"message": "Access denied"}"#, is: .keyRejected),
      Answer(
        "the vendor asking for its own scheme", 401, [("www-authenticate", "Bearer realm=\"api\"")],
        #"{"error": "Unauthorized"}"#, is: .keyRejected),
      Answer(
        "a firewall's page", 403, [], "<!DOCTYPE html><title>Blocked</title>", is: .gateway,
        "a web page instead of JSON"),
      Answer("a login page", 401, [], " \n<html>", is: .gateway, "a web page instead of JSON (HTTP 401)"),
      Answer("a page with a mark", 403, [], "\u{FEFF}<html>", is: .gateway, "a web page"),
      Answer("a page that claims to be JSON", 403, json, "<html>", is: .gateway, "a web page"),
      Answer("nothing", 403, [], "", is: .gateway, "an empty answer (HTTP 403)"),
      Answer("nothing", 401, [], " \r\n", is: .gateway, "an empty answer (HTTP 401)"),
      Answer("a text", 403, [], "error code: 1020", is: .gateway, "not the vendor's JSON"),
      Answer("JSON of somebody else", 403, json, #"{"detail": "Forbidden"}"#, is: .gateway, "not the vendor's JSON"),
      Answer("JSON that is no object", 401, json, #""Unauthorized""#, is: .gateway),
      Answer("nested JSON of somebody else", 401, json, #"{"error": {"code": 401}}"#, is: .gateway),
      Answer(
        "a proxy's login", 401, [("www-authenticate", "Basic realm=\"staging\"")], #"{"error": "Unauthorized"}"#,
        is: .gateway, "log in by Basic"),
      Answer(
        "a proxy's login among others", 401, [("www-authenticate", "Bearer, negotiate")], #"{"message": "no"}"#,
        is: .gateway, "log in by Negotiate"),
      Answer(
        "a proxy's second login", 401, [("www-authenticate", "Bearer"), ("www-authenticate", "NTLM")], "{}",
        is: .gateway, "log in by NTLM"),
      Answer("a proxy", 407, [], #"{"message": "login"}"#, is: .gateway, "log in at a proxy (HTTP 407)"),
      Answer("a captive portal", 511, [], "<html>", is: .gateway, "HTTP 511"),
      Answer("a captive portal", 200, [], "<html><form>", is: .gateway, "a web page instead of JSON"),
      Answer("a captive portal", 302, [("location", "http://portal.example/login")], "", is: .gateway, "a redirect"),
      Answer("a page of somebody else", 404, [], "<html>", is: .gateway, "a web page"),
      Answer("a page of somebody else", 203, [], "<html>", is: .gateway, "a web page"),
      Answer("a limit", 403, json, #"{"message": "Rate limit exceeded"}"#, is: .limited, ": Rate limit exceeded"),
      Answer("a limit", 403, json, #"{"error": "rate-limited"}"#, is: .limited),
      Answer("a limit", 403, [], "<html><h1>Too Many Requests</h1>", is: .limited),
      Answer(
        "a limit", 403, json, #"{"message": "Your monthly quota is used up"}"#, is: .limited,
        "says nothing about the key"),
      Answer("a limit", 403, json, #"{"message": "Forbidden", "reason": "quotaExceeded"}"#, is: .limited),
      Answer("a limit", 401, json, #"{"error": "Request was throttled"}"#, is: .limited),
      Answer("a limit", 403, [("retry-after", "60")], #"{"message": "Forbidden"}"#, is: .limited),
      Answer("a limit", 403, [("x-ratelimit-remaining", "0")], "", is: .limited),
      Answer("a quotation", 403, json, #"{"message": "No quotation marks, please"}"#, is: .keyRejected),
      Answer("a gateway's own error", 502, [], "<html>", is: .serverError),
      Answer("a limit that says so", 429, [], "<html>", is: .rateLimited),
    ]
  }

  @Test("is told from a refused key", arguments: Answer.all)
  func answers(answer: Answer) async throws {
    let http = FakeHTTPTransport(status: answer.status, body: answer.body, headers: answer.headers)
    let failure = try #require(await vendor.failure(http))
    #expect(failure.reason == answer.reason, "\(failure.message)")
    #expect(failure.message.contains(answer.words), "\(failure.message)")
    #expect(failure.message.contains("rejects the key") == (answer.reason == .keyRejected))
    #expect(!failure.message.contains("\n"))
  }

  @Test("is waited for as long as it says if it is a limit, and not at all if it is a gateway")
  func retry() async throws {
    let headers = [(name: "retry-after", value: "30")]
    let limit = try #require(await vendor.failure(FakeHTTPTransport(status: 403, body: "", headers: headers)))
    #expect(limit.retry == .possible(notBefore: .seconds(30)))
    #expect(await vendor.failure(FakeHTTPTransport(status: 403))?.retry == .never)
  }
}
