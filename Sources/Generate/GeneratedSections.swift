/// The parts of a page that stand between `<!-- generated: NAME -->` and `<!-- end -->`.
enum GeneratedSections {
  private static let start = "<!-- generated: "
  private static let end = "<!-- end -->"

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// A page with its generated parts as they have to be.
  static func filled(_ page: String, in path: String) throws -> String {
    var lines: [Substring] = []
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix(start) {
        let name = line.dropFirst(start.count).prefix { $0 != " " }
        guard let table = Tables.named(String(name)) else {
          throw Problem(
            description: "\(path): there is no table \"\(name)\"; known: \(Tables.names.joined(separator: ", "))")
        }
        lines += [line] + table.split(separator: "\n")
        isInside = true
      } else if line == end {
        lines.append(line)
        isInside = false
      } else if !isInside {
        lines.append(line)
      }
    }
    guard !isInside else { throw Problem(description: "\(path): a generated part has no \(end)") }
    return lines.joined(separator: "\n")
  }
}
