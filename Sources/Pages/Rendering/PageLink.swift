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

  /// - Parameter link: the address of a page.
  func fields(_ noun: String, of count: Int, _ link: (Int) -> String) -> PageValue {
    .fields([
      "range": .text(
        count == 0
          ? "No \(noun)s" : "\((range.lowerBound + 1).grouped)–\(range.upperBound.grouped) of \(count.counted(noun))"),
      "previous": page > 1 ? .text(link(page - 1)) : .none,
      "next": page < pages ? .text(link(page + 1)) : .none,
      "isLong": .flag(pages > 1),
    ])
  }
}
