import QuotaCore
import Testing

@Suite("Reading a configuration's values")
struct ConfigurationNodeTests {
  /// Reads a text with a closure; returns the result and what was reported, as `line:column path: message`.
  private func reading<Value>(
    _ text: String, _ read: (ConfigurationNode) -> Value?
  ) throws -> (value: Value?, issues: [String]) {
    let bytes = Array(text.utf8)
    let issues = ConfigurationIssues(source: bytes)
    let value = read(ConfigurationNode(try JSONParser.parse(bytes), issues: issues))
    return (value, issues.sorted.map { "\($0.position.line):\($0.position.column) \($0.path): \($0.message)" })
  }

  @Test(
    "a value of another kind is named by its kind",
    arguments: [
      ("1", "expected text, found a number"), ("null", "expected text, found null"),
      ("[]", "expected text, found a list"),
      ("{}", "expected text, found an object"), ("true", "expected text, found true or false"),
      ("\"\"", "must not be empty"),
    ])
  func kinds(text: String, message: String) throws {
    let (value, issues) = try reading(text) { $0.string() }
    #expect(value == nil)
    #expect(issues == ["1:1 : \(message)"])
  }

  @Test("whole numbers are read in their range", arguments: [("1", 1), ("300", 300), ("42", 42)] as [(String, Int64)])
  func integers(text: String, number: Int64) throws {
    #expect(try reading(text) { $0.integer(in: 1...300) }.value == number)
  }

  @Test("other numbers are refused", arguments: ["0", "301", "1.0", "1e2", "-5", "99999999999999999999"])
  func otherNumbers(text: String) throws {
    let (value, issues) = try reading(text) { $0.integer(in: 1...300) }
    #expect(value == nil)
    #expect(issues == ["1:1 : expected a whole number from 1 to 300, found \(text)"])
  }

  @Test("an unknown key is reported at its name with the nearest known one")
  func unknownKeys() throws {
    let (value, issues) = try reading("{\n  \"nmae\": \"x\",\n  \"zzzzzz\": 1\n}") {
      $0.object { object -> Int? in
        _ = object.optional("name")
        return 1
      }
    }
    #expect(value == 1)
    #expect(
      issues == [
        "2:3 nmae: unknown key \"nmae\"; did you mean \"name\"?", "3:3 zzzzzz: unknown key \"zzzzzz\"; known: name",
      ])
  }

  @Test("paths name members and positions, and quote names that are no words")
  func paths() throws {
    let (_, issues) = try reading(#"{"a": [{"b c": 1, "d_e": 2}]}"#) { node in
      node.object { object -> Int? in
        for item in object.optional("a")?.array().map(Array.init) ?? [] {
          for (_, member) in item.members() ?? [] { _ = member.string() }
        }
        return nil
      }
    }
    #expect(
      issues == ["1:16 a[0][\"b c\"]: expected text, found a number", "1:26 a[0].d_e: expected text, found a number"])
  }

  @Test("what is missing is reported at the object")
  func missing() throws {
    let (_, issues) = try reading(#"[{"a": 1}]"#) { node in
      node.array()?.first?.object { object -> Int? in
        _ = object.optional("a")
        return object.required("b").map { _ in 1 }
      }
    }
    #expect(issues == ["1:2 [0]: \"b\" is missing"])
  }

  @Test("issues come in the order of the text")
  func order() throws {
    let (_, issues) = try reading(#"{"a": 1, "b": 2}"#) { node in
      node.object { object -> Int? in
        _ = object.optional("b")?.string()
        _ = object.optional("a")?.string()
        return nil
      }
    }
    #expect(issues.map { $0.prefix(5) } == ["1:7 a", "1:15 "])
  }

  @Test(
    "an identifier is letters, digits, single dots, dashes and underscores",
    arguments: [
      ("a", true), ("acme", true), ("Acme-1_x.y", true), (String(repeating: "a", count: 64), true),
      (String(repeating: "a", count: 65), false), ("", false), ("-a", false), ("a-", false), (".a", false),
      ("a..b", false),
      ("a b", false), ("ä", false), ("a/b", false), ("a\n", false), ("_", false),
    ])
  func identifiers(text: String, isValid: Bool) {
    #expect(Identifier.isValid(text) == isValid)
  }
}

@Suite("References to secrets")
struct SecretReferenceTests {
  private func reading(_ text: String) throws -> (value: SecretReference?, messages: [String]) {
    let bytes = Array(text.utf8)
    let issues = ConfigurationIssues(source: bytes)
    let value = ConfigurationNode(try JSONParser.parse(bytes), issues: issues).decoded(as: .secret)
    return (value, issues.sorted.map(\.message))
  }

  @Test(
    "each kind is read",
    arguments: [
      (#"{"env": "A_1"}"#, .environment("A_1")), (#"{"file": "/a b"}"#, .file("/a b")),
      (#"{"command": ["pass", "show", "x y"]}"#, .command(["pass", "show", "x y"])),
      (#"{"credential": "acme"}"#, .credential("acme")),
    ] as [(String, SecretReference)])
  func kinds(text: String, reference: SecretReference) throws {
    #expect(try reading(text).value == reference)
  }

  @Test(
    "others are refused",
    arguments: [
      ("{}", "a secret has exactly one of \"env\", \"file\", \"command\" and \"credential\""),
      (#"{"env": "A", "file": "b"}"#, "a secret has exactly one of \"env\", \"file\", \"command\" and \"credential\""),
      (#"{"env": "1A"}"#, "expected the name of an environment variable (letters, digits and _)"),
      (#"{"env": "A-B"}"#, "expected the name of an environment variable (letters, digits and _)"),
      (#"{"credential": "../x"}"#, "expected the name of a credential, without slashes"),
      (#"{"credential": ".."}"#, "expected the name of a credential, without slashes"),
      (#"{"command": []}"#, "must have at least 1 entry"), (#"{"command": "pass"}"#, "expected a list, found text"),
      (#"{"command": [1]}"#, "expected text, found a number"), ("7", "expected an object, found a number"),
    ])
  func refused(text: String, message: String) throws {
    let (value, messages) = try reading(text)
    #expect(value == nil)
    #expect(messages == [message])
  }

  @Test("a secret that stands in the file is refused without being repeated")
  func literal() throws {
    let (value, messages) = try reading("\"dt_live_hidden\"")
    #expect(value == nil)
    #expect(messages.count == 1)
    #expect(messages.first?.contains("must not stand in the configuration") == true)
    #expect(messages.first?.contains("hidden") == false)
  }

  @Test("its source names the place, and of a command only the program")
  func sources() {
    #expect(SecretReference.environment("KEY").source == "environment variable KEY")
    #expect(SecretReference.command(["pass", "hidden"]).source == "command pass")
  }
}
