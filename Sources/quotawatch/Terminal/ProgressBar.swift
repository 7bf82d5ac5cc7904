import QuotaCore
import Synchronization

/// A bar on standard error while something long goes on; elsewhere than on a terminal nothing, or a few plain lines.
final class ProgressBar: Sendable {
  private let label: String
  private let console = Console.standardError
  private let isShown: Bool
  private let isBar: Bool
  /// The last percentage drawn, so that a bar is drawn a hundred times at the most.
  private let drawn = Mutex(-1)

  private static let width = 30

  /// How far apart plain lines are, in percent.
  private static let plainStep = 20

  /// - Parameter plainLines: whether to print lines where there is no terminal.
  init(_ label: String, isShown: Bool = true, plainLines: Bool = false) {
    self.label = label
    isBar = Console.standardError.isTerminal
    self.isShown = isShown && (isBar || plainLines)
  }

  /// Shows how far it is.
  func update(_ done: Int, of total: Int) {
    guard isShown, total > 0 else { return }
    let percent = done * 100 / total / (isBar ? 1 : Self.plainStep)
    drawn.withLock { last in
      guard percent != last else { return }
      last = percent
      let state = "\(done.grouped)/\(total.grouped)"
      guard isBar else { return console.print("\(label) \(state)") }
      let filled = done * Self.width / total
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
      console.show(passing: "\(label) \(bar) \(state)")
    }
  }

  /// Removes the bar.
  func finish() {
    if isShown, isBar { console.show(passing: "") }
  }
}
