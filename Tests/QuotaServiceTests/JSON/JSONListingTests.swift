import Testing

@testable import QuotaService

@Suite("A list of JSON that is written while it is made")
struct JSONListingTests {
  private struct Item: Encodable, Sendable {
    let number: Int
    let emptyList: [String]
  }

  @Test(
    "is the same text as one that is written at once", arguments: ["alerts", "status"],
    [[], [3], [1, 2], [0, 2, 0, 1]])
  func same(name: String, sizes: [Int]) {
    let parts = sizes.map { size in (0..<size).map { Item(number: $0, emptyList: []) } }
    var listing = JSONListing(name)
    let text = parts.map { listing.text(of: $0) }.joined() + listing.end
    #expect(text == JSONText.list(name, parts.flatMap { $0 }))
  }
}
