/// A text that must never be shown: an API key, a password, a webhook's address.
///
/// It prints as `‹secret›` in every way that Swift prints values, is not `Codable`, and gives its text only where it is
/// asked for by name.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let text: String

  package init(_ text: String) {
    self.text = text
  }

  /// The text itself, for the one place that has to send it.
  package func reveal() -> String { text }

  package var description: String { "‹secret›" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
