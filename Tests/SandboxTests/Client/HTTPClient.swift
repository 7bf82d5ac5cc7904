import Foundation
import QuotaCore
import Sandbox

/// What a server answered.
struct Answer: Sendable {
  let status: Int
  let headers: [String: String]
  let body: String
  /// Whether as much of the body arrived as was announced.
  let isComplete: Bool

  var json: JSONNode? { try? JSONParser.parse(Array(body.utf8)) }
}

/// Sends one request on a connection of its own; nil if the connection ended without an answer.
func send(
  _ method: String, _ path: String, to sandbox: Sandbox, headers: [String: String] = [:], body: String = ""
) async throws -> Answer? {
  let port = sandbox.port
  let lines = headers.map { "\($0): \($1)\r\n" }.sorted().joined()
  return try await onThread {
    var connection = try RawConnection(port: port)
    try connection.send(
      "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.utf8.count)\r\n"
        + "\(lines)\r\n\(body)")
    guard let statusLine = try connection.line() else { return nil }
    var fields: [String: String] = [:]
    while let line = try connection.line(), !line.isEmpty {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let length = fields["content-length"].flatMap { Int($0) } ?? 0
    let bytes = try connection.bytes(length)
    return Answer(
      status: Int(statusLine.split(separator: " ")[1]) ?? 0, headers: fields,
      body: String(decoding: bytes, as: UTF8.self), isComplete: bytes.count == length)
  }
}

/// Asks for usage, as the product does.
func usage(_ sandbox: Sandbox, key: String?, query: String = "") async throws -> Answer? {
  let headers = key.map { ["Authorization": "Bearer \($0)", "Accept": "application/json"] } ?? [:]
  return try await send("GET", "/api/usage\(query)", to: sandbox, headers: headers)
}

/// A time such as `2026-11-05T12:00:00Z`.
func time(_ text: String) throws -> Date {
  try Date(text, strategy: .iso8601)
}

/// A month such as `2026-11`.
struct NoSuchMonth: Error {}
func month(_ text: String) throws -> BillingMonth {
  guard let month = BillingMonth(text) else { throw NoSuchMonth() }
  return month
}
