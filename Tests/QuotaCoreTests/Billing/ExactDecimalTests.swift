import Foundation
import QuotaCore
import TestSupport
import Testing

@Suite("Exact decimals")
struct ExactDecimalTests {
  @Test(
    "are read whole and written in their shortest form",
    arguments: [
      ("0", "0"), ("-0", "0"), ("-0.00", "0"), ("1.50", "1.5"), ("100", "100"), ("0.000001", "0.000001"),
      ("-12.340", "-12.34"), ("3.133", "3.133"), ("99999999999999999999999999999999.999999999999", nil),
      ("18446744073709551616", nil), ("10000000000000000000", nil), ("0.1000000000000000000", "0.1"),
      ("340282366920938463463374607431768211456.5", nil),
    ])
  func texts(text: String, expected: String?) throws {
    #expect(try decimal(text).description == expected ?? text)
  }

  @Test(
    "other texts are refused as a whole",
    arguments: [
      "", "-", ".", "1.", ".5", "+1", "01", "00", "-01.5", "1,5", "1.5.0", "1e3", "1E3", "0x1", "12abc", " 1", "1 ",
      "1\n", "1_000", "1'000", "--1", "1-", "NaN", "inf", "١", "１", "1.٥", "½", "−1", "1\u{0}",
      String(repeating: "9", count: 65),
    ])
  func refused(text: String) {
    #expect(ExactDecimal(text) == nil)
  }

  @Test("are equal when they are the same number")
  func equality() throws {
    #expect(try decimal("1.50") == decimal("1.5"))
    #expect(try decimal("-0.0") == .zero)
    #expect(try Set([decimal("2"), decimal("2.000"), ExactDecimal(2)]).count == 1)
  }

  @Test(
    "are ordered by value",
    arguments: [("-2", "-1.5"), ("-1", "0"), ("-0.1", "0.1"), ("0.09", "0.1"), ("9", "10"), ("1.05", "1.5")])
  func order(smaller: String, larger: String) throws {
    #expect(try decimal(smaller) < decimal(larger))
    #expect(try !(decimal(larger) < decimal(smaller)))
  }

  @Test(
    "are rounded half away from zero",
    arguments: [
      ("0.005", 2, "0.01"), ("-0.005", 2, "-0.01"), ("0.0049999", 2, "0"), ("1.005", 2, "1.01"), ("2.5", 0, "3"),
      ("-2.5", 0, "-3"), ("3.5", 0, "4"), ("-0.4", 0, "0"), ("0.99999", 4, "1"), ("1.2345", 3, "1.235"),
      ("12345", 2, "12345"), ("99999999999999999999999999999999999.5", 0, "100000000000000000000000000000000000"),
    ])
  func rounding(text: String, decimals: Int, expected: String) throws {
    #expect(try decimal(text).rounded(to: decimals) == decimal(expected))
  }

  @Test(
    "are divided to a number of decimals, half away from zero",
    arguments: [
      ("1", "3", 4, "0.3333"), ("2", "3", 4, "0.6667"), ("-2", "3", 0, "-1"), ("1", "8", 2, "0.13"),
      ("-1", "-8", 2, "0.13"), ("0.1", "0.3", 12, "0.333333333333"), ("100", "0.0001", 2, "1000000"),
      ("0", "7", 2, "0"),
      ("5", "100000000000000000000000000000000000000000", 40, "0.0000000000000000000000000000000000000001"),
      ("340282366920938463463374607431768211456", "340282366920938463463374607431768211455", 3, "1"),
      ("1000000000000000000000000000000000000000000", "3000000000000000000000000000000000000000000", 5, "0.33333"),
    ])
  func division(number: String, divisor: String, decimals: Int, expected: String) throws {
    #expect(try decimal(number).divided(by: decimal(divisor), decimals: decimals) == decimal(expected))
  }

  @Test("are not divided by zero")
  func zeroDivisor() {
    #expect(ExactDecimal(1).divided(by: .zero, decimals: 2) == nil)
  }

  @Test("are written with the decimals that are asked for, and never with fewer than they have")
  func minimumDecimals() throws {
    #expect(try decimal("1.5").text(minimumDecimals: 2) == "1.50")
    #expect(try decimal("-7").text(minimumDecimals: 3) == "-7.000")
    #expect(try decimal("0.0005").text(minimumDecimals: 2) == "0.0005")
    #expect(try decimal("12345").movingPoint(left: 2).text() == "123.45")
    #expect(try decimal("-5").movingPoint(left: 3).text() == "-0.005")
  }

  @Test("are text in JSON")
  func json() throws {
    let numbers = try [decimal("1.10"), decimal("-0.02")]
    let text = try JSONEncoder().encode(numbers)
    #expect(String(decoding: text, as: UTF8.self) == #"["1.1","-0.02"]"#)
    #expect(try JSONDecoder().decode([ExactDecimal].self, from: text) == numbers)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([ExactDecimal].self, from: Data(#"["1,1"]"#.utf8)) }
  }

  /// Sums, products, order and quotients of random numbers against Python's `decimal`, whose precision is set high.
  @Test("calculate as Python's decimal module does", .timeLimit(.minutes(5)))
  func python() throws {
    var generator = SystemRandomNumberGenerator()
    let pairs = (0..<400).map { _ in [Self.randomText(&generator), Self.randomText(&generator)] }
    let script = """
      import decimal, json, sys
      decimal.getcontext().prec = 400
      decimal.getcontext().rounding = decimal.ROUND_HALF_UP
      def quotient(x, y):
        if y == 0: return None
        return format((x / y).quantize(decimal.Decimal("1e-6")), "f")
      pairs = [[decimal.Decimal(t) for t in p] for p in json.loads(sys.stdin.read())]
      print(json.dumps([[format(x + y, "f"), format(x - y, "f"), format(x * y, "f"), str(x < y),
        format(x.quantize(decimal.Decimal("1e-2")), "f"), quotient(x, y)] for x, y in pairs]))
      """
    let answers = try JSONDecoder().decode([[String?]].self, from: try Python.run(script, input: pairs))
    #expect(answers.count == pairs.count)
    for (pair, answer) in zip(pairs, answers) {
      let (x, y) = try (decimal(pair[0]), decimal(pair[1]))
      let own = [x + y, x - y, x * y].map(Optional.init) + [x.rounded(to: 2), x.divided(by: y, decimals: 6)]
      let theirs = [answer[0], answer[1], answer[2], answer[4], answer[5]].map { $0.flatMap { ExactDecimal($0) } }
      #expect(own == theirs, "\(pair)")
      #expect((x < y) == (answer[3] == "True"), "\(pair)")
    }
  }

  private static func randomText(_ generator: inout SystemRandomNumberGenerator) -> String {
    func digits(_ count: Int) -> String { (0..<count).map { _ in String(Int.random(in: 0...9)) }.joined() }
    let whole = String(digits(.random(in: 0...20)).drop { $0 == "0" })
    let fraction = digits(.random(in: 0...11))
    return (Bool.random() ? "-" : "") + (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : ".\(fraction)")
  }
}

/// Python's standard library, as a second opinion.
enum Python {
  /// What a script prints that reads a value as JSON.
  static func run(_ script: String, input: some Encodable) throws -> Data {
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/python3")
    python.arguments = ["-c", script]
    let (request, answer) = (Pipe(), Pipe())
    (python.standardInput, python.standardOutput) = (request, answer)
    try python.run()
    // The script reads everything before it prints anything, so neither side waits for the other.
    try request.fileHandleForWriting.write(contentsOf: JSONEncoder().encode(input))
    try request.fileHandleForWriting.close()
    let output = try answer.fileHandleForReading.rest()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0)
    return output
  }
}
