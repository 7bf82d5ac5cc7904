import FoundationEssentials

/// A part of a list, and where the list goes on.
package struct APIPage<Item> {
  package let items: [Item]
  /// What to ask for the rest with; nil at the end.
  package let next: String?

  /// The names that a query for a page may have.
  package static var parameters: [String] { ["limit", "cursor"] }
}

extension APIPage {
  /// How many items a page has, unless somebody asks for another number, and at most.
  package static var usualLimit: Int { 100 }
  package static var largestLimit: Int { 1_000 }

  /// Cuts the page out that is asked for.
  ///
  /// - Parameter position: what tells an item from the others, and stays the same while the list changes.
  package init(of all: [Item], _ question: APIQuestion, by position: (Item) -> String) throws(Problem) {
    let rest: ArraySlice<Item>
    if let last = try question.cursor() {
      guard let index = all.firstIndex(where: { position($0) == last }) else { throw .noCursor }
      rest = all[(index + 1)...]
    } else {
      rest = all[...]
    }
    self.init(first: try question.limit(), of: rest, by: position)
  }

  /// - Parameter rest: what the list has from there on, or one item more than the page at least.
  package init(first limit: Int, of rest: ArraySlice<Item>, by position: (Item) -> String) {
    items = Array(rest.prefix(limit))
    next = rest.count > limit ? items.last.map { Self.cursor(at: position($0)) } : nil
  }

  /// In characters that stand in URLs as they are.
  private static func cursor(at position: String) -> String {
    Data(position.utf8).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}

extension APIQuestion {
  package func limit() throws(Problem) -> Int {
    Int(try count("limit", in: 1...Int64(APIPage<Void>.largestLimit)) ?? Int64(APIPage<Void>.usualLimit))
  }

  /// The position of the last item of the page before.
  package func cursor() throws(Problem) -> String? {
    guard let text = text("cursor") else { return nil }
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    let code = text.replacing("-", with: "+").replacing("_", with: "/") + padding
    guard let data = Data(base64Encoded: code), let position = String(validating: data, as: UTF8.self) else {
      throw .noCursor
    }
    return position
  }
}

extension Problem {
  /// An entry may be gone since the page before.
  package static var noCursor: Problem {
    .nothing("the cursor is of no entry that the list has now; ask for it from its beginning")
  }
}
