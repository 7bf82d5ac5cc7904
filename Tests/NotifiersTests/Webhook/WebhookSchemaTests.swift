import Foundation
import QuotaCore
import TestSupport
import Testing

@testable import Notifiers

@Suite("The JSON Schema of the webhook's body")
struct WebhookSchemaTests {
  @Test(
    "takes a body of every kind and transition, and groups; refuses another version and what is missing or of a wrong kind"
  )
  func bodies() throws {
    let bodies = try SampleMessages.forChecking.map { String(decoding: try MessageBody($0).bytes, as: UTF8.self) }
    let first = try #require(bodies.first)
    let broken = [
      first.replacing(#""schema_version":1"#, with: #""schema_version":2"#),
      first.replacing(#""event_id""#, with: #""id""#),
      first.replacing(#""severity":"warning""#, with: #""severity":"bad""#),
      first.replacing(#""episode":1"#, with: #""episode":"1""#), "{}",
    ]
    #expect(!broken.dropLast().contains(first))
    let verdicts = try Self.validate(bodies + broken)
    #expect(verdicts == bodies.map { _ in true } + broken.map { _ in false })
  }

  /// Asks the reference implementation for each text, in one process.
  private static func validate(_ texts: [String]) throws -> [Bool] {
    let script = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      print("".join("1" if validator.is_valid(document) else "0" for document in json.load(sys.stdin)))
      """
    let schema = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../docs/webhook.schema.json")
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/python3")
    python.arguments = ["-c", script, schema.standardizedFileURL.path]
    let (input, output) = (Pipe(), Pipe())
    (python.standardInput, python.standardOutput) = (input, output)
    try python.run()
    // Python reads everything before it writes anything, so neither side waits for the other.
    try input.fileHandleForWriting.write(contentsOf: Data("[\(texts.joined(separator: ","))]".utf8))
    try input.fileHandleForWriting.close()
    let answer = try output.fileHandleForReading.rest()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0, "python3-jsonschema is needed: apt-get install python3-jsonschema")
    return String(decoding: answer, as: UTF8.self).compactMap { $0 == "1" ? true : $0 == "0" ? false : nil }
  }
}
