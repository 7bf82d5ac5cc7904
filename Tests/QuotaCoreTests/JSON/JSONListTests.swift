import Testing

@testable import QuotaCore

@Suite("A long list is kept as its text")
struct JSONListTests {
  private static let count = JSONList.long + 3

  private func text(_ items: (Int) -> String) -> [UInt8] {
    Array("{\"list\": [\((0..<Self.count).map(items).joined(separator: ",\n"))], \"rest\": 1}".utf8)
  }

  private func list(_ text: [UInt8], from base: Int = 0, keepingListsFrom long: Int = JSONList.long) throws -> JSONList
  {
    let root = try JSONParser.parse(text, from: base, keepingListsFrom: long)
    guard case .array(let items)? = root["list"]?.value else { return [] }
    return items
  }

  @Test("and says the same, at the same places", arguments: [0, 1_000])
  func same(base: Int) throws {
    let text = text { "{\"id\": \"o\($0)\", \"tags\": [\"a\", \"\\u00e9\"]}" }
    let list = try list(text, from: base)
    #expect(try list == self.list(text, from: base, keepingListsFrom: .max))
    #expect(list.count == Self.count)
    #expect(list.last?["id"]?.string == "o\(Self.count - 1)")
  }

  @Test("also one of few values, where that is wanted, and one in another", arguments: [1, 2, 3, .max])
  func short(long: Int) throws {
    let text = Array(#"{"list": [[1, [2, 3]], [], ["a"]]}"#.utf8)
    #expect(try JSONParser.parse(text, keepingListsFrom: long) == JSONParser.parse(text))
  }

  @Test("what is wrong behind the first values is found where it stands")
  func wrong() throws {
    let last = Self.count - 1
    for item in ["{\"a\": 1, \"a\": 2}", "tru", "", "\"\u{1}\""] {
      let text = text { $0 == last ? item : "1" }
      var problems: [JSONSyntaxError] = []
      for long in [1, JSONList.long, .max] {
        do throws(JSONSyntaxError) {
          _ = try JSONParser.parse(text, keepingListsFrom: long)
        } catch {
          problems.append(error)
        }
      }
      #expect(problems.count == 3 && Set(problems.map(\.offset)).count == 1 && Set(problems.map(\.message)).count == 1)
    }
  }

  @Test("a value's path is found")
  func path() throws {
    let text = text { "{\"id\": \($0)}" }
    let root = try JSONParser.parse(text, keepingListsFrom: JSONList.long)
    let id = try #require(list(text)[Self.count - 2]["id"])
    #expect(root.path(to: id.offset) == "list[\(Self.count - 2)].id")
    #expect(root.path(to: try #require(root["rest"]).offset) == "rest")
  }

  @Test("lists are put together in their order, whichever of them are long")
  func joined() throws {
    let short = JSONList([JSONNode(.string("a"), offset: 0), JSONNode(.string("b"), offset: 1)])
    let long = try list(text { "\($0)" })
    for lists in [[short, short], [short, long], [long, short], [long, long, short, long], [[], long, []]] {
      let all = lists.dropFirst().reduce(lists[0]) { $0.joined(with: $1) }
      #expect(all.count == lists.map(\.count).reduce(0, +))
      #expect(all.map(\.value) == lists.flatMap { $0.map(\.value) })
    }
  }
}
