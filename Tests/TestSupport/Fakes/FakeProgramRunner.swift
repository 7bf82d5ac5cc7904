package import QuotaCore
import Synchronization

/// Programs that end as a script says, and that are remembered.
package final class FakeProgramRunner: ProgramRunner {
  private let ending: ProgramEnding
  private let obstacle: String?
  private let received = Mutex<[Program]>([])

  /// - Parameter obstacle: what keeps every program from being started.
  package init(_ ending: ProgramEnding = .exited(code: 0, output: [], errors: []), obstacle: String? = nil) {
    (self.ending, self.obstacle) = (ending, obstacle)
  }

  /// What was run so far.
  package var programs: [Program] { received.withLock { $0 } }

  package func run(_ program: Program) async -> ProgramEnding {
    received.withLock { $0.append(program) }
    return ending
  }

  package func obstacle(to program: String) -> String? { obstacle }
}
