import QuotaCore

/// What of a list is asked for.
package struct ListQuery: Hashable, Sendable {
  package let text: String
  /// From 1.
  package let page: Int

  /// Reads the parameters of a request.
  package init(_ parameters: [String: String]) {
    text = ForeignText.line(parameters["q"] ?? "", limit: 100)
    page = max(1, parameters["page"].flatMap { Int($0) } ?? 1)
  }

  /// Whether what is called so is asked for: every word is in one of the names.
  package func takes(_ names: [String]) -> Bool {
    text.lowercased().split(separator: " ").allSatisfy { word in names.contains { $0.lowercased().contains(word) } }
  }

  func link(_ path: String, page: Int) -> String {
    PageLink.to(path, [("q", text), ("page", page > 1 ? "\(page)" : nil)])
  }
}
