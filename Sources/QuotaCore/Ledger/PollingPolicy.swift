package import FoundationEssentials

/// How often the vendor is asked for the state of an execution.
package enum PollingPolicy {
  /// What the vendor recommends for a document, in seconds.
  package enum Document: Sendable {
    case small
    /// A large one, a PDF, or one that is not known.
    case large

    var range: ClosedRange<Double> {
      switch self {
      case .small: 1...2
      case .large: 3...5
      }
    }

    /// From how many bytes on a document is large: the vendor gives no number.
    package static let largeSize: Int64 = 5 << 20
  }

  /// How many questions keep the recommended intervals before it slows down.
  private static let steadyQuestions = 10
  /// The longest wait between two questions of one command, in seconds.
  private static let longestWait = 30.0
  /// The longest rest of an execution between two runs.
  private static let longestRest = TimeSpan.hours(1)

  /// How long to wait after so many questions, in seconds.
  ///
  /// - Parameters:
  ///   - questions: how many were asked, at least 1.
  ///   - jitter: 0 to 1, where in the recommended range.
  package static func wait(after questions: Int, _ document: Document, jitter: Double) -> Double {
    let range = document.range
    let steady = range.lowerBound + (range.upperBound - range.lowerBound) * jitter
    let slower = min(max(0, questions - steadyQuestions), 20)
    return min(longestWait, (0..<slower).reduce(steady) { wait, _ in wait * 1.5 })
  }

  /// Whether a run should ask again: the longer an execution takes, the more rarely, but once an hour.
  package static func isDue(_ execution: Execution, at now: Date) -> Bool {
    guard let polledAt = execution.polledAt, polledAt <= now else { return true }
    let age = max(0, polledAt.timeIntervalSince(execution.requested))
    return now >= polledAt.addingTimeInterval(min(age / 4, Double(longestRest.seconds)))
  }

  /// Whether an execution that was just asked for and has not ended is old enough to be given up.
  package static func isOver(_ execution: Execution, at now: Date, giveUpAfter: TimeSpan) -> Bool {
    !execution.status.hasEnded && now >= execution.requested + giveUpAfter
  }
}
