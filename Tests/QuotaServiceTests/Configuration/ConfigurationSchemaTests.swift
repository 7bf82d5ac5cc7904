import Foundation
import QuotaCore
import TestSupport
import Testing

@testable import QuotaService

@Suite("The JSON Schema of the configuration")
struct ConfigurationSchemaTests {
  private static func isDecoded(_ text: String) -> Bool { (try? ConfigurationDecodingTests.decode(text)) != nil }

  /// Every setting at its boundaries, and what settings do to each other.
  private static let cases: [SchemaCase] = {
    var boundaries = BoundaryCases()
    return SchemaCase.all
      + boundaries.all(of: Configuration.shape.declaration).map { SchemaCase(part: $0.value, $0.verdict) }
  }()

  @Test("there are cases of every setting")
  func some() {
    #expect(Self.cases.count > 1_000)
    for verdict in [SchemaCase.Verdict.accepted, .refused, .beyondSchema] {
      #expect(Self.cases.contains { $0.verdict == verdict })
    }
  }

  @Test("the decoder accepts and refuses what the declarations say")
  func decoder() {
    for entry in Self.cases {
      #expect(Self.isDecoded(entry.text) == (entry.verdict == .accepted), "\(entry.verdict): \(entry.text)")
    }
  }

  @Test("the schema accepts what the decoder accepts and refuses what it refuses, as far as a schema can")
  func schema() throws {
    let verdicts = try Self.validate(Self.cases.map(\.text))
    #expect(verdicts.count == Self.cases.count)
    for (entry, isValid) in zip(Self.cases, verdicts) {
      #expect(isValid == (entry.verdict != .refused), "\(entry.verdict): \(entry.text)")
    }
  }

  @Test("the schema accepts the example and what `init` writes")
  func shipped() throws {
    let example = String(decoding: try Project.text(of: "alerts.example.json"), as: UTF8.self)
    #expect(try Self.validate([example, StartingConfiguration().text]) == [true, true])
  }

  @Test("every field has a description, in itself or in what it refers to")
  func descriptions() throws {
    let schema = try JSONParser.parse(Array(Configuration.schema.line.utf8))
    let definitions = try #require(schema["$defs"])
    for (name, field) in Self.fields(schema) {
      let definition = field["$ref"]?.string.flatMap { definitions[String($0.dropFirst("#/$defs/".count))] }
      let text = field["description"]?.string ?? definition?["description"]?.string
      #expect(text?.hasSuffix(".") == true, "\(name) has no description")
    }
  }

  /// The members of every `properties` that describes an object.
  private static func fields(_ node: JSONNode) -> [(String, JSONNode)] {
    switch node.value {
    case .object(let members):
      let own: [JSONMember] =
        if node["type"]?.string == "object", case .object(let properties)? = node["properties"]?.value {
          properties
        } else { [] }
      return own.map { ($0.name, $0.node) } + members.flatMap { fields($0.node) }
    case .array(let items): return items.flatMap(fields)
    default: return []
    }
  }

  /// Asks the reference implementation for each text, in one process.
  private static func validate(_ texts: [String]) throws -> [Bool] {
    let script = """
      import json, sys, jsonschema
      request = json.load(sys.stdin)
      jsonschema.Draft202012Validator.check_schema(request["schema"])
      validator = jsonschema.Draft202012Validator(request["schema"])
      print("".join("1" if validator.is_valid(document) else "0" for document in request["documents"]))
      """
    let schema = Configuration.schema.line
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/python3")
    python.arguments = ["-c", script]
    let (input, output) = (Pipe(), Pipe())
    (python.standardInput, python.standardOutput) = (input, output)
    try python.run()
    // Python reads everything before it writes anything, so neither side waits for the other.
    let request = #"{"schema": \#(schema), "documents": [\#(texts.joined(separator: ","))]}"#
    try input.fileHandleForWriting.write(contentsOf: Data(request.utf8))
    try input.fileHandleForWriting.close()
    let answer = try output.fileHandleForReading.rest()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0, "python3-jsonschema is needed: apt-get install python3-jsonschema")
    return String(decoding: answer, as: UTF8.self).compactMap { $0 == "1" ? true : $0 == "0" ? false : nil }
  }
}
