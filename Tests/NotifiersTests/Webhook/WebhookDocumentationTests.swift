import Foundation
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("docs/webhook.md")
struct WebhookDocumentationTests {
  private static let document = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/webhook.md")

  /// The first fenced block of a language.
  private func block(_ language: String) throws -> String {
    let text = try String(contentsOf: Self.document, encoding: .utf8)
    let start = try #require(text.firstRange(of: "```\(language)\n"))
    let end = try #require(text[start.upperBound...].firstRange(of: "```"))
    return String(text[start.upperBound..<end.lowerBound])
  }

  @Test("shows the body as it is sent")
  func body() throws {
    let shown = try JSONSerialization.jsonObject(with: Data(try block("json").utf8))
    let sent = try JSONSerialization.jsonObject(
      with: Data(try MessageBody(.event(.threshold(crossed: ["50%", "80%"]))).bytes))
    #expect(shown as? NSDictionary == sent as? NSDictionary)
  }

  @Test("explains every field of the body, whatever the event is about", arguments: RuleType.allCases)
  func fields(type: RuleType) throws {
    let text = try String(contentsOf: Self.document, encoding: .utf8)
    let event = Event.sample(
      of: type, RuleID("r"), severity: .warning, transition: .acknowledged, now: moment("2026-11-23T12:00"))
    let body = try JSONParser.parse(try MessageBody(.event(event)).bytes)
    guard case .object(let members) = body["data"]?.value else {
      Issue.record("no data")
      return
    }
    for member in members {
      #expect(text.contains("`data.\(member.name)") || text.contains(", `.\(member.name)`"), "\(member.name)")
    }
  }

  @Test("names everything that an event can be about", arguments: Event.Topic.all)
  func topics(topic: Event.Topic) throws {
    #expect(try String(contentsOf: Self.document, encoding: .utf8).contains("| `\(topic)` | \(topic.kind.summary) |"))
  }

  /// A request that the documented Python is asked about.
  private struct Request: Encodable {
    let secret: String
    let headers: [String: String]
    let body: String
    let now: Int64
    let isGenuine: Bool
  }

  private static func requests() throws -> [Request] {
    let first = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    let second = "whsec_" + Data(repeating: 9, count: 40).base64EncodedString()
    let other = "whsec_" + Data(repeating: 8, count: 32).base64EncodedString()
    let bytes = try MessageBody(.event(.threshold(organizationName: "Ångström 👩‍👧 \"&<>"))).bytes
    let keys = try [first, second].map { try #require(SigningKey(Secret($0))) }
    let time = moment("2026-11-23T12:15")
    let signature = WebhookSignature(id: MessageID(Event.threshold().id), time: time, body: bytes, keys: keys)
    let headers = Dictionary(uniqueKeysWithValues: signature.headers.map { ($0.name, $0.value.reveal()) })
    let body = String(decoding: bytes, as: UTF8.self)
    let sent = signature.timestamp
    var otherID = headers
    otherID["webhook-id"] = "msg_0"
    return [
      Request(secret: first, headers: headers, body: body, now: sent, isGenuine: true),
      Request(secret: second, headers: headers, body: body, now: sent + 299, isGenuine: true),
      Request(secret: other, headers: headers, body: body, now: sent, isGenuine: false),
      Request(secret: first, headers: headers, body: body + " ", now: sent, isGenuine: false),
      Request(secret: first, headers: otherID, body: body, now: sent, isGenuine: false),
      Request(secret: first, headers: headers, body: body, now: sent + 301, isGenuine: false),
      Request(secret: first, headers: headers, body: body, now: sent - 301, isGenuine: false),
    ]
  }

  @Test("verifies in Python what is signed here")
  func python() async throws {
    let requests = try Self.requests()
    let program = """
      \(try block("python"))
      import json, sys
      for request in json.loads(sys.argv[1]):
          genuine = verify(request["secret"], request["headers"], request["body"].encode(), request["now"])
          print("genuine" if genuine else "forged")
      """
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program, String(decoding: try JSONEncoder().encode(requests), as: UTF8.self)]
    process.standardOutput = output
    let status = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { done.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    let lines = String(decoding: try output.fileHandleForReading.rest(), as: UTF8.self).split(
      separator: "\n")
    #expect(status == 0)
    #expect(lines == requests.map { $0.isGenuine ? "genuine" : "forged" })
  }
}
