import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("The price of a plan on the command line")
struct PriceCommandTests {
  static let page: String = {
    let page = (try? Project.text(of: "docs/prices.md")) ?? []
    return String(decoding: page, as: UTF8.self)
  }()

  /// The ```` ```json ```` blocks of the page.
  static let blocks = page.components(separatedBy: "```json\n").dropFirst().compactMap {
    $0.components(separatedBy: "```").first
  }

  /// A block as a whole configuration.
  private static func configuration(_ block: String) -> String {
    #"{"organizations": [{"id": "a", "api_key": {"env": "K"}}], "# + block.drop { $0 != "{" }.dropFirst()
  }

  private func run(_ arguments: String, with configuration: String) async throws -> BuiltProgram.Result {
    try await BuiltProgram.withFolder { folder in
      try Data(configuration.utf8).write(to: folder.appending(path: "alerts.json"))
      return try await BuiltProgram(folder: folder).run(["price"] + arguments.split(separator: " ").map(String.init))
    }
  }

  @Test("every example of the documentation decodes", arguments: blocks)
  func examples(block: String) throws {
    #expect(try ConfigurationDecodingTests.decode(Self.configuration(block)).plans.count == 1)
  }

  @Test(
    "the documentation shows what the program prints",
    arguments: page.components(separatedBy: "    $ quotawatch price ").dropFirst())
  func documented(example: String) async throws {
    let lines = example.components(separatedBy: "\n")
    let plan = try #require(lines[0].split(separator: " ").first)
    let block = try #require(Self.blocks.first { $0.contains("\"\(plan)\"") })
    let shown = lines.dropFirst().prefix { $0.isEmpty || $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
    let result = try await run(lines[0], with: Self.configuration(block))
    #expect(result.output == shown.joined(separator: "\n"))
    #expect(result.status == 0)
  }

  /// What a program reads of the calculation.
  private struct Output: Decodable, Equatable {
    struct Line: Decodable, Equatable {
      let name: String
      let model: String
      let unrounded: String
      let rounded: String
      let days: Int?
      let days_of: Int?
    }

    let currency: String
    let month: String
    let lines: [Line]
    let subtotal: String
    let tax: String
    let total: String
  }

  @Test("JSON has lines and total as decimal strings")
  func json() async throws {
    let configuration = """
      {"organizations": [{"id": "a", "api_key": {"env": "K"}}], "plans": {"p": {"versions": [
        {"currency": "KWD", "charges": [{"model": "flat", "amount": "1"}], "minimum": "2", "tax_percent": 5},
        {"valid_from": "2026-11-21", "prorate": true, "currency": "KWD", "tax_percent": "5",
         "charges": [{"model": "unit", "metric": "pages", "unit_price": "0.0005"}]}]}}}
      """
    let result = try await run("p --pages 3 --month 2026-11 --json", with: configuration)
    #expect(result.status == 0)
    // A configuration without rules is warned of; nothing else is said.
    #expect(result.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("warning: ") })
    let output = try JSONDecoder().decode(Output.self, from: Data(result.output.utf8))
    #expect(
      output
        == Output(
          currency: "KWD", month: "2026-11",
          lines: [
            .init(
              name: "Flat fee", model: "flat", unrounded: "0.666666666667", rounded: "0.667", days: 20, days_of: 30),
            .init(name: "Minimum", model: "minimum", unrounded: "0.666", rounded: "0.666", days: 20, days_of: 30),
            .init(name: "Pages", model: "unit", unrounded: "0.0005", rounded: "0.001", days: 10, days_of: 30),
          ], subtotal: "1.334", tax: "0.067", total: "1.401"))
  }

  @Test(
    "what cannot be answered is said in one line with exit code 64",
    arguments: [
      ("growht", #"no plan "growht" is configured; did you mean "growth"?"#),
      ("growth --month 2026-05", #"plan "growth" has no prices for 2026-05; "#),
      ("growth --pages=-1", "quantities are whole numbers from 0"), ("growth --pages 1e3", "'1e3' is invalid"),
      ("growth --pages 9223372036854775808", "is invalid"), ("growth --month 2026-13", "2026-13"),
    ])
  func mistakes(arguments: String, message: String) async throws {
    let configuration = """
      {"organizations": [{"id": "a", "api_key": {"env": "K"}}],
       "plans": {"growth": {"valid_from": "2026-06", "currency": "EUR", "charges": []}}}
      """
    let result = try await run(arguments, with: configuration)
    #expect(result.status == 64)
    #expect(result.errors.contains(message), "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}
