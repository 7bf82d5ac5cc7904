import FoundationEssentials
import QuotaCore
import QuotaService

/// What is generated in a project's directory.
package struct GeneratedFiles {
  package struct File {
    package let path: String
    /// What it has to be.
    package let text: String
    /// Whether it is something else.
    package let isStale: Bool
  }

  private let root: String

  package init(root: String) {
    self.root = root
  }

  /// - Throws: ``Problem`` for a page with a marker that means nothing, and what the file system says.
  package func all() throws -> [File] {
    let schemas = [
      ("deploy/alerts.schema.json", Configuration.schema),
      ("deploy/invoice-mapping.schema.json", InvoiceMapping.schema),
    ]
    return try schemas.map { file($0, "\($1.indented())\n") }
      + pages().compactMap { path in
        guard let page = text(of: path) else { return nil }
        return file(path, try GeneratedSections.filled(page, in: path))
      }
  }

  private func file(_ path: String, _ text: String) -> File {
    File(path: "\(root)/\(path)", text: text, isStale: self.text(of: path) != text)
  }

  private func text(of path: String) -> String? {
    (try? Data(contentsOf: URL(filePath: "\(root)/\(path)"))).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The pages that have generated parts, or may.
  private func pages() throws -> [String] {
    try ["docs", "docs/rules", "docs/notifiers"].flatMap { folder in
      try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").filter { $0.hasSuffix(".md") }.sorted()
        .map { "\(folder)/\($0)" }
    }
  }
}
