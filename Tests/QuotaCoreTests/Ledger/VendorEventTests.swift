import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("A webhook of the vendor")
struct VendorEventTests {
  @Test(
    "is told apart by the name of its id",
    arguments: [
      (#"{"conversion_id": "c1", "status": "SUCCESS"}"#, .conversion, "c1", .success),
      (#"{"identification_id": "i1", "status": "ERROR"}"#, .identification, "i1", .error),
      (#"{"step_execution_id": "s1", "step_id": "x", "status": "completed"}"#, .step, "s1", .success),
      (#"{"step_execution_id": "s1", "conversion_id": "c1", "status": "SUCCESS"}"#, .step, "s1", .success),
      (#"{"conversion_id": "c1", "event": "CONVERSION_STARTED"}"#, .conversion, "c1", .processing),
      (#"{"conversion_id": "c1", "event": "CONVERSION_COMPLETED"}"#, .conversion, "c1", .success),
      (#"{"conversion_id": "c1", "status": "something new"}"#, .conversion, "c1", .processing),
      (#"{"conversion_id": "c1"}"#, .conversion, "c1", .processing),
    ] as [(String, ExecutionKind, String, ExecutionStatus)])
  func kinds(body: String, kind: ExecutionKind, id: String, status: ExecutionStatus) throws {
    let event = try VendorEvent(Array(body.utf8))
    #expect(event.kind == kind)
    #expect(event.id.rawValue == id)
    #expect(event.status == status)
  }

  @Test("tells its times, and a time that cannot be read is none")
  func times() throws {
    let body = #"""
      {"conversion_id": "c1", "status": "SUCCESS", "request_timestamp": "2026-11-05T12:00:00.000Z",
      "response_timestamp": "soon", "data": {"iban": "x"}}
      """#
    let event = try VendorEvent(Array(body.utf8))
    #expect(event.requestedAt == moment("2026-11-05T12:00"))
    #expect(event.endedAt == nil)
  }

  @Test(
    "that cannot be read is refused without being quoted",
    arguments: [
      "", "[]", "7", #"{"status": "SUCCESS"}"#, #"{"conversion_id": 7}"#, #"{"conversion_id": "SECRET/../x"}"#,
      #"{"conversion_id": "c1", "SECRET"#,
    ])
  func unreadable(body: String) {
    let error = #expect(throws: VendorEvent.Unreadable.self) { try VendorEvent(Array(body.utf8)) }
    #expect(error?.message.contains("SECRET") == false)
    #expect(error?.message.contains("\n") == false)
  }
}

@Suite("A moment as RFC 3339 writes it")
struct InstantTextTests {
  @Test(
    "is read to the millisecond",
    arguments: [
      ("2026-11-05T12:00:00Z", "2026-11-05T12:00:00.000Z"), ("2026-11-05t12:00:00z", "2026-11-05T12:00:00.000Z"),
      ("2026-11-05 12:00:00Z", "2026-11-05T12:00:00.000Z"), ("2026-11-05T12:00:00.1Z", "2026-11-05T12:00:00.100Z"),
      ("2026-11-05T12:00:00.123456789Z", "2026-11-05T12:00:00.123Z"),
      ("2026-11-05T12:00:00.9996Z", "2026-11-05T12:00:01.000Z"),
      ("2026-11-05T12:00:00+01:00", "2026-11-05T11:00:00.000Z"),
      ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z"),
      ("2026-11-05T12:00:00.5-03:30", "2026-11-05T15:30:00.500Z"), ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"),
    ])
  func valid(text: String, expected: String) {
    #expect(Date(rfc3339: text)?.iso8601 == expected)
  }

  @Test(
    "is refused if it is anything less",
    arguments: [
      "2026-11-05T12:00:00", "2026-11-05", "2026-11-05T12:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
      "2026-11-05T24:00:00Z", "2026-11-05T12:60:00Z", "2026-11-05T12:00:60Z", "2026-11-05T12:00:00.Z",
      "2026-11-05T12:00:00+0100", "2026-11-05T12:00:00Zx", "2026-11-05T12:00:00 Z", "+026-11-05T12:00:00Z",
      "2026-11-05T12:00:00+24:00", "", "yesterday at twelve o'clock",
    ])
  func invalid(text: String) {
    #expect(Date(rfc3339: text) == nil)
  }
}
