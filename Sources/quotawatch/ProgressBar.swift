import Synchronization

/// A bar on standard error while something long goes on; nothing at all where that is not a terminal.
final class ProgressBar: Sendable {
  private let label: String
  private let console = Console.standardError
  private let isShown: Bool
  /// The last percentage drawn, so that a bar is drawn a hundred times at the most.
  private let drawn = Mutex(-1)

  private static let width = 30

  init(_ label: String, isShown: Bool = true) {
    self.label = label
    self.isShown = isShown && Console.standardError.isTerminal
  }

  /// Shows how far it is.
  func update(_ done: Int, of total: Int) {
    guard isShown, total > 0 else { return }
    let percent = done * 100 / total
    drawn.withLock { last in
      guard percent != last else { return }
      last = percent
      let filled = done * Self.width / total
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
      console.write("\r\(label) \(bar) \(done)/\(total)")
    }
  }

  /// Removes the bar.
  func finish() {
    guard isShown else { return }
    console.write("\r\u{1B}[K")
  }
}
