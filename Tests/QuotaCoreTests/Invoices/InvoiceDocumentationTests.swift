import Foundation
import QuotaCore
import TestSupport
import Testing

@Suite("docs/invoices.md")
struct InvoiceDocumentationTests {
  /// A fenced block and what stands behind its fence.
  private struct Block {
    let kind: String
    let text: String
  }

  private static let text: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
    return try? String(contentsOf: root.appending(path: "docs/invoices.md"), encoding: .utf8)
  }()

  private static func blocks() throws -> [Block] {
    let parts = try #require(text).components(separatedBy: "\n```")
    return stride(from: 1, to: parts.count, by: 2).map { index in
      let lines = parts[index].split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return Block(kind: String(lines[0]), text: lines.count == 2 ? lines[1] + "\n" : "")
    }
  }

  /// Every example with the mapping before it.
  private static func examples() throws -> [(mapping: InvoiceMapping, block: Block)] {
    var mapping = InvoiceMapping.Ready.plain.mapping
    var examples: [(InvoiceMapping, Block)] = []
    for block in try blocks() {
      switch block.kind {
      case "json mapping": mapping = try invoiceMapping(block.text)
      case "csv plain", "csv unknown": examples.append((InvoiceMapping.Ready.plain.mapping, block))
      case "csv", "json invoice": examples.append((mapping, block))
      default: continue
      }
    }
    return examples
  }

  @Test("every example is read as the mapping before it says, and understood")
  func examples() throws {
    let examples = try Self.examples()
    let read = examples.map { invoiceFile($1.text, $0) }
    for file in read { #expect(file.problems == []) }
    let understood = zip(examples, read).filter { $0.0.block.kind != "csv unknown" }.map(\.1)
    #expect(understood.flatMap(\.lines).allSatisfy { $0.content.unknownBecause == nil })
    #expect(
      understood.map { file in
        file.lines.map { "\($0.content.organization?.rawValue ?? "?") \($0.content.currency.text($0.content.amount))" }
      } == [
        ["acme 99.00", "acme 123.45", "acme -10.00", "acme 40.37", "globex 1.78"], ["acme 123.45", "acme 23.46"],
        [
          "acme 123.45", "acme 23.46", "acme 1099.00", "acme 208.81", "acme -50.00", "globex 1.78", "globex 0.34",
        ], ["acme 99.00", "acme 18.81"],
      ])
    #expect(understood.flatMap(\.lines).allSatisfy { $0.content.month == billingMonth("2026-10") })
  }

  @Test("the unknown lines are unknown, each for a reason of its own")
  func unknown() throws {
    let example = try #require(try Self.examples().first { $0.block.kind == "csv unknown" })
    let reasons = invoiceFile(example.block.text, example.mapping).lines.map(\.content.unknownBecause)
    #expect(reasons.count == 3)
    #expect(reasons.allSatisfy { $0 != nil })
    #expect(Set(reasons).count == 3)
  }

  @Test("every key has a row in the table, and all but the ready mappings' own are in an example")
  func keys() throws {
    let text = try #require(Self.text)
    let mappings = try Self.blocks().filter { $0.kind == "json mapping" }.map {
      try JSONParser.parse(Array($0.text.utf8))
    }
    let keys = [
      "extends", "format", "encoding", "delimiter", "skip_before", "decimal", "thousands", "grouping", "amounts",
      "unit_prices", "dates", "pivot_year", "period_end", "invoices", "lines", "columns", "organizations", "metrics",
      "categories", "issue_statuses", "parts", "skip", "credit_notes", "quantity_factors",
    ]
    for key in keys {
      #expect(text.firstRange(of: "| `\(key)`") != nil || text.firstRange(of: ", `\(key)`") != nil, "\(key) has no row")
      #expect(mappings.contains { $0[key] != nil }, "\(key) has no example")
    }
    for mapping in mappings {
      guard case .object(let members) = mapping.value else { continue }
      for member in members { #expect(keys.contains(member.name), "\(member.name) is not in this test") }
    }
    for field in InvoiceField.allCases {
      #expect(mappings.contains { $0["columns"]?[field.rawValue] != nil }, "\(field) has no example")
      #expect(text.firstRange(of: "`\(field.rawValue)`") != nil)
    }
    for ready in InvoiceMapping.Ready.allCases { #expect(text.firstRange(of: "`\(ready.rawValue)`") != nil) }
  }
}
