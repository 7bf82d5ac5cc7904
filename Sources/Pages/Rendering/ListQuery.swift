import QuotaCore

/// What of a list is asked for.
package struct ListQuery: Hashable, Sendable {
  package let text: String
  /// Numbers, among them the pages of the page's lists.
  private let numbers: [String: Int]

  /// Reads the parameters of a request.
  package init(_ parameters: [String: String]) {
    text = ForeignText.line(parameters["q"] ?? "", limit: 100)
    numbers = parameters.compactMapValues { Int($0) }
  }

  /// Which page of a list is asked for, from 1.
  ///
  /// - Parameter list: what it is called in a query.
  package func page(_ list: String = "page") -> Int { max(1, numbers[list] ?? 1) }

  /// Whether what is called so is asked for: every word is in one of the names.
  package func takes(_ names: [String]) -> Bool {
    text.lowercased().split(separator: " ").allSatisfy { word in names.contains { $0.lowercased().contains(word) } }
  }

  /// The address of a page of a list, among whatever else a page has.
  func link(_ path: String, _ list: String = "page", page: Int) -> String {
    PageLink.to(path, [("q", text), (list, page > 1 ? "\(page)" : nil)])
  }
}
