import FoundationEssentials
import DocuTrayAPI
import QuotaCore
import TestSupport
import Testing

@Suite("Asking the vendor for usage")
struct UsageReadingTests {
  private let vendor = VendorUnderTest()

  @Test("sends the key and asks for the current month without naming it")
  func currentMonth() async throws {
    let http = FakeHTTPTransport(status: 200, body: VendorUnderTest.november)
    let reading = try await vendor.read(http)
    #expect(reading.month == billingMonth("2026-11"))
    #expect(reading.counters == Counters(pages: 1_234, conversions: 89))
    #expect(reading.organization == OrganizationID("acme"))
    #expect(reading.observedAt == VendorUnderTest.now)
    let request = try #require(http.requests.first)
    #expect(request.method == .get)
    #expect(request.url.reveal() == "https://api.example.com/api/usage")
    #expect(request.header("Authorization") == "Bearer \(VendorUnderTest.key)")
    #expect(request.header("Accept") == "application/json")
    #expect(http.requests.count == 1)
  }

  @Test("names year and month when it asks for a month")
  func namedMonth() async throws {
    let http = FakeHTTPTransport(
      status: 200, body: #"{"year": 2026, "month": 4, "successful_pages": 0, "successful_conversions": 0}"#)
    let reading = try await vendor.read(http, month: billingMonth("2026-04"))
    #expect(reading.counters == .zero)
    #expect(http.requests.first?.url.reveal() == "https://api.example.com/api/usage?year=2026&month=4")
  }

  @Test(
    "takes a base URL with a path and with slashes at its end",
    arguments: ["https://a.example/x", "https://a.example/x//"])
  func baseURL(text: String) async throws {
    let http = FakeHTTPTransport(status: 200, body: VendorUnderTest.november)
    _ = try await vendor.read(http, baseURL: text)
    #expect(http.requests.first?.url.reveal() == "https://a.example/x/api/usage")
  }

  @Test(
    "takes the vendor's current month if it goes on in some zone of the world, by our clock or by the answer's",
    arguments: [
      ("2026-11-23T12:00", nil, [11]), ("2026-11-30T08:59", nil, [11]), ("2026-11-30T09:00", nil, [11, 12]),
      ("2026-12-01T12:59", nil, [11, 12]), ("2026-12-01T13:00", nil, [12]), ("2026-11-01T12:30", nil, [10, 11]),
      // Whose clock is wrong is not known.
      ("2026-11-23T12:00", "Mon, 28 Dec 2026 10:00:00 GMT", [11, 12]),
    ] as [(String, String?, Set<Int>)])
  func turn(time: String, stamp: String?, taken: Set<Int>) async {
    for month in 9...12 {
      let http = FakeHTTPTransport(
        status: 200, body: #"{"year": 2026, "month": \#(month), "successful_pages": 1, "successful_conversions": 1}"#,
        headers: stamp.map { [(name: "date", value: $0)] } ?? [])
      let failure = await vendor.failure(http, now: moment(time))
      #expect(failure?.reason == (taken.contains(month) ? nil : .invalidAnswer), "\(month)")
    }
  }

  @Test("takes fields that it does not know, and the largest counter")
  func tolerance() async throws {
    let body = """
      {"plan": {"successful_pages": -1}, "year": 2026, "month": 11, "successful_pages": 9223372036854775807,
       "successful_conversions": 0, "note": "☃"}
      """
    let reading = try await vendor.read(FakeHTTPTransport(status: 200, body: body))
    #expect(reading.counters.pages == .max)
  }
}

@Suite("An answer that is no usage")
struct InvalidAnswerTests {
  private let vendor = VendorUnderTest()

  @Test(
    "is a failure with one line, never a zero and never a part",
    arguments: [
      ("", "empty"), (" \n", "empty"),
      ("[]", "a list instead of an object"), ("null", "null instead of an object"), ("7", "instead of an object"),
      (#"{"year": 2026, "month": 11, "successful_pages": 12"#, "not valid JSON"),
      (#"{"year": 2026, "month": 11, "successful_pages": 1, "successful_conversions": 2}}"#, "not valid JSON"),
      (#"{"year": 2026, "month": 11, "successful_pages": 1, "successful_conversions": 2,}"#, "not valid JSON"),
      (
        #"{"year": 2026, "month": 11, "successful_pages": 1, "successful_pages": 2, "successful_conversions": 2}"#,
        "not valid JSON"
      ),
      (#"{"month": 11, "successful_pages": 1, "successful_conversions": 2}"#, #"no "year""#),
      (#"{"year": 2026, "month": 11, "successful_pages": 1}"#, #"no "successful_conversions""#),
      (#"{"year": 2026, "month": 11, "successful_conversions": 1}"#, #"no "successful_pages""#),
      (#"{"year": 2026, "month": 13, "successful_pages": 1, "successful_conversions": 2}"#, "no month"),
      (#"{"year": 2026, "month": 0, "successful_pages": 1, "successful_conversions": 2}"#, "no month"),
      (#"{"year": 2019, "month": 11, "successful_pages": 1, "successful_conversions": 2}"#, "no month"),
      (#"{"year": 26, "month": 11, "successful_pages": 1, "successful_conversions": 2}"#, "no month"),
      (#"{"year": "2026", "month": 11, "successful_pages": 1, "successful_conversions": 2}"#, "text"),
    ])
  func bodies(body: String, reason: String) async throws {
    let failure = try #require(await vendor.failure(FakeHTTPTransport(status: 200, body: body)))
    #expect(failure.reason == .invalidAnswer)
    #expect(failure.retry == .never)
    #expect(failure.message.contains(reason))
    #expect(!failure.message.contains("\n"))
  }

  @Test(
    "is refused for a counter that is not a whole number ≥ 0 within Int64",
    arguments: [
      "-1", "1234.0", "1.5", "1e3", "9223372036854775808", "\"12\"", "null", "true", "[1]", "{}",
      "-9223372036854775809",
    ],
    ["successful_pages", "successful_conversions"])
  func counters(value: String, name: String) async throws {
    let other = name == "successful_pages" ? "successful_conversions" : "successful_pages"
    let body = #"{"year": 2026, "month": 11, "\#(other)": 1, "\#(name)": \#(value)}"#
    let failure = try #require(await vendor.failure(FakeHTTPTransport(status: 200, body: body)))
    #expect(failure.reason == .invalidAnswer)
    #expect(failure.message.contains(name))
  }

  @Test("is refused for another month than was asked for")
  func otherMonth() async throws {
    let http = FakeHTTPTransport(status: 200, body: VendorUnderTest.november)
    let failure = try #require(await vendor.failure(http, month: billingMonth("2026-10")))
    #expect(failure.reason == .invalidAnswer)
    #expect(failure.message == "asked for 2026-10, the answer is for 2026-11")
  }

  @Test("is refused with any success but 200", arguments: [201, 202, 203, 204, 206])
  func otherSuccess(status: Int) async throws {
    let http = FakeHTTPTransport(status: status, body: VendorUnderTest.november)
    #expect(await vendor.failure(http)?.reason == .invalidAnswer)
  }
}
