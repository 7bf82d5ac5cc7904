import QuotaCore
import Testing

@Suite("The strict JSON parser")
struct JSONParserTests {
  private func parse(_ text: String) throws -> JSONNode.Value { try JSONParser.parse(Array(text.utf8)).value }

  @Test(
    "every kind of value is read",
    arguments: [
      ("null", .null), (" true\n", .boolean(true)), ("false", .boolean(false)), ("\"\"", .string("")),
      ("[]", .array([])), ("{ }", .object([])),
      (
        "[1, {\"a\":\"b\"}]",
        .array([
          JSONNode(.number("1"), offset: 1),
          JSONNode(
            .object([JSONMember(name: "a", nameOffset: 5, node: JSONNode(.string("b"), offset: 9))]), offset: 4),
        ])
      ),
    ] as [(String, JSONNode.Value)])
  func values(text: String, value: JSONNode.Value) throws {
    #expect(try parse(text) == value)
  }

  @Test(
    "UTF-16 is said to be UTF-16",
    arguments: [[0xFF, 0xFE, 0x7B, 0], [0xFE, 0xFF, 0, 0x7B], [0x7B, 0, 0x7D, 0], [0, 0x5B, 0, 0x5D]] as [[UInt8]])
  func utf16(bytes: [UInt8]) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(bytes) }
    #expect(error?.message == "the text is UTF-16; save it as UTF-8")
    #expect(error?.offset == 0)
  }

  @Test(
    "numbers keep their text",
    arguments: ["0", "-0", "1.0", "12345678901234567890", "-3.25e+10", "1E5", "0.1e-2"])
  func numbers(text: String) throws {
    #expect(try parse(text) == .number(text))
  }

  @Test(
    "escapes are decoded",
    arguments: [
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u20AC""#, "é€"), (#""\ud83d\ude00""#, "😀"),
      (#""a\u0000b""#, "a\u{0}b"), ("\"größe 😀\"", "größe 😀"),
    ])
  func escapes(text: String, decoded: String) throws {
    #expect(try parse(text) == .string(decoded))
  }

  @Test(
    "what is not JSON is refused at the place where it stops being JSON",
    arguments: [
      ("", "the text ends where a value is expected", 0), ("  ", "the text ends where a value is expected", 2),
      ("nul", "expected a value; did you mean null?", 0), ("True", "expected a value", 0),
      ("'a'", "expected a value", 0),
      ("// no", "expected a value", 0),
      ("\u{FEFF}{}", "U+FEFF (byte order mark) stands here, which nobody sees; remove it", 0),
      ("[1,]", "a comma before ] is not allowed", 3), ("{\"a\":1,}", "a comma before } is not allowed", 7),
      ("[1 2]", "expected , or ]", 3), ("{\"a\" 1}", "expected : after \"a\"", 5),
      ("{a:1}", "expected a name in double quotes", 1), ("{\"a\":1,\"b\":2,\"a\":3}", "\"a\" stands here twice", 13),
      ("{\"a\":1,\"\\u0061\":2}", "\"a\" stands here twice", 7),
      ("{} {}", "unexpected text after the end of the JSON value", 3),
      ("01", "a number must not start with 0", 0), ("-", "expected a digit", 1), ("1.", "expected a digit", 2),
      ("1e", "expected a digit", 2), ("+1", "expected a value", 0), (".5", "expected a value", 0),
      ("NaN", "expected a value", 0), ("\"abc", "the text ends inside a string that starts here", 0),
      ("\"a\nb\"", "a control character in a string must be escaped", 2), (#""\x""#, "unknown escape in a string", 1),
      (#""\u12"#, "\\u needs four hexadecimal digits", 1), (#""\ud83d""#, "half of a surrogate pair", 1),
      (#""\ude00""#, "half of a surrogate pair", 1), (#""\ud83d\u0041""#, "half of a surrogate pair", 1),
    ])
  func refused(text: String, message: String, offset: Int) {
    let error = #expect(throws: JSONSyntaxError.self) { try parse(text) }
    #expect(error?.message == message)
    #expect(error?.offset == offset)
  }

  @Test("invalid UTF-8 is refused", arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF]] as [[UInt8]])
  func encoding(bytes: [UInt8]) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22] + bytes + [0x22]) }
    #expect(error?.message == "the text is not valid UTF-8")
  }

  @Test("deep nesting ends in an error and not in the stack")
  func depth() throws {
    #expect(throws: Never.self) { try parse(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) }
    let error = #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: "[", count: 100_000)) }
    #expect(error?.message == "nested more than 64 levels deep")
  }

  @Test("members are found by name, and values by their kind")
  func access() throws {
    let node = try JSONParser.parse(Array(#"{"a": 12, "b": "x", "c": 1.0}"#.utf8))
    #expect(node["a"]?.integer == 12)
    #expect(node["b"]?.string == "x")
    #expect(node["c"]?.integer == nil)
    #expect(node["d"] == nil)
    #expect(node["a"]?["x"] == nil)
    #expect(node.kind == "an object")
  }
}

@Suite("Positions in a text")
struct TextPositionTests {
  @Test(
    "lines and columns are counted from 1, columns in characters and not in bytes",
    arguments: [
      ("abc", 0, 1, 1), ("abc", 2, 1, 3), ("a\nbc", 2, 2, 1), ("a\nbc", 3, 2, 2), ("\n\n", 2, 3, 1), ("äöx", 4, 1, 3),
      ("a\r\nb", 3, 2, 1), ("ab", 99, 1, 3), ("", 0, 1, 1),
    ])
  func positions(text: String, offset: Int, line: Int, column: Int) {
    let position = TextPosition(offset: offset, in: Array(text.utf8))
    #expect(position.line == line)
    #expect(position.column == column)
  }
}
