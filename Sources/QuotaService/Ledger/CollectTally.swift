import QuotaCore
import Synchronization

/// Adds up what a collect learned of executions.
final class CollectTally: Sendable {
  private let counts: Mutex<Service.FollowReport>

  init(_ report: Service.FollowReport) {
    counts = Mutex(report)
  }

  var report: Service.FollowReport { counts.withLock { $0 } }

  func note(_ news: [ExecutionNews]) {
    counts.withLock { counts in
      for entry in news {
        switch entry {
        case .status(let execution, _, _) where execution.status.hasEnded:
          counts.open -= 1
          counts.succeeded += execution.status == .success ? 1 : 0
          counts.failed += execution.status == .error ? 1 : 0
        case .status: break
        case .contradiction: counts.contradictions += 1
        case .givenUp:
          counts.open -= 1
          counts.givenUp += 1
        case .failure(let key, let failure): counts.failures[key] = failure
        }
      }
    }
  }
}
