/// A page that says one thing.
package struct MessagePage: Sendable {
  private let title: String
  private let text: String

  package init(_ title: String, _ text: String) {
    (self.title, self.text) = (title, text)
  }

  /// - Parameter what: that there is not, or that the visitor may not see: the two are not told apart.
  package static func missing(_ what: String) -> MessagePage {
    MessagePage("Not found", "There is no such \(what) here.")
  }

  package static let forEverything = MessagePage(
    "Not for you", "This page is of all organizations, and you may see some of them only.")

  package func html(_ frame: PageFrame) -> String {
    frame.document(title, at: nil, "message", ["title": .text(title), "text": .text(text)])
  }
}
