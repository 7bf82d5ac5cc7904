import QuotaCore

/// Addresses inside the site.
enum PageLink {
  /// A path with parameters; those without a value are left out.
  static func to(_ path: String, _ parameters: [(name: String, value: String?)] = []) -> String {
    let query = parameters.compactMap { name, value in
      value.flatMap { $0.isEmpty ? nil : "\(name)=\(encoded($0))" }
    }
    return query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))"
  }

  static func organization(_ id: some CustomStringConvertible) -> String { "/organizations/\(encoded(id.description))" }

  /// What is not unreserved (RFC 3986) is percent-encoded.
  static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%\(digits.count == 1 ? "0" : "")\(digits)"
      }
    }
    return result
  }
}

/// A part of a long list, and the way to the others.
struct Paging {
  /// From 1.
  let page: Int
  let pages: Int
  let range: Range<Int>

  /// - Parameter page: as it is asked for; one that there is not becomes the nearest.
  init(_ page: Int, of count: Int, size: Int) {
    pages = max(1, (count + size - 1) / size)
    self.page = min(max(page, 1), pages)
    range = min((self.page - 1) * size, count)..<min(self.page * size, count)
  }

  /// - Parameters:
  ///   - name: what the list is called, if there are several.
  ///   - isByTime: whether the newest come first.
  ///   - link: the address of a page.
  func fields(
    _ noun: String, of count: Int, name: String? = nil, isByTime: Bool = false, _ link: (Int) -> String
  ) -> PageValue {
    .fields([
      "label": .text("Pages of \(name ?? "\(noun)s")"), "back": .text(isByTime ? "Newer" : "Previous"),
      "forth": .text(isByTime ? "Older" : "Next"),
      "range": .text(
        count == 0
          ? "No \(noun)s" : "\((range.lowerBound + 1).grouped)–\(range.upperBound.grouped) of \(count.counted(noun))"),
      "previous": page > 1 ? .text(link(page - 1)) : .none,
      "next": page < pages ? .text(link(page + 1)) : .none,
      "isLong": .flag(pages > 1),
    ])
  }

  /// A page of a list with the way to the others; nothing where the list is empty.
  ///
  /// - Parameters:
  ///   - page: as it is asked for.
  ///   - name: what the list is called.
  ///   - link: the address of a page.
  static func rows<Item>(
    _ items: [Item], _ page: Int, _ noun: String, name: String, link: (Int) -> String, row: (Item) -> PageFields
  ) -> PageValue {
    guard !items.isEmpty else { return .none }
    let paging = Paging(page, of: items.count, size: size)
    return .fields([
      "rows": .list(items[paging.range].map(row)),
      "paging": paging.fields(noun, of: items.count, name: name, link),
    ])
  }

  /// How many rows a page of a list has.
  static let size = 50
}
