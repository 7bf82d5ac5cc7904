package import QuotaCore
import Synchronization

/// Programs that end as a script says, and that are remembered.
package final class FakeProgramRunner: ProgramRunner {
  private let ending: ProgramEnding
  private let received = Mutex<[Program]>([])

  package init(_ ending: ProgramEnding = .exited(code: 0, output: [], errors: [])) {
    self.ending = ending
  }

  /// What was run so far.
  package var programs: [Program] { received.withLock { $0 } }

  package func run(_ program: Program) async -> ProgramEnding {
    received.withLock { $0.append(program) }
    return ending
  }
}
