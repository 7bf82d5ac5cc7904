import Foundation
import Testing

@testable import quotawatch

@Suite("A standard output that takes nothing")
struct OutputFailureTests {
  @Test("ends the process with 74")
  func fullDisk() async {
    await #expect(processExitsWith: .exitCode(74)) {
      dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO)
      Console.standardOutput.print("a line")
    }
  }

  /// Makes a descriptor a pipe that nobody reads any more.
  private static func closeReader(of descriptor: Int32) {
    ThisProcess.ignoreBrokenPipes()
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    close(ends[0])
    dup2(ends[1], descriptor)
  }

  @Test("that was closed by its reader ends it quietly")
  func closedPipe() async {
    await #expect(processExitsWith: .success) {
      Self.closeReader(of: STDOUT_FILENO)
      Console.standardOutput.print("a line")
      exit(1)
    }
  }

  @Test("does not matter where it is standard error: the process goes on, and ends as its work says")
  func closedErrors() async {
    await #expect(processExitsWith: .exitCode(3)) {
      Self.closeReader(of: STDERR_FILENO)
      Console.standardError.print("a line")
      exit(3)
    }
  }

  @Test("an interrupted command ends with 128 and the signal's number, whatever its work came to")
  func interruption() async {
    await #expect(processExitsWith: .exitCode(143)) { try await Self.interrupt(by: SIGTERM) }
    await #expect(processExitsWith: .exitCode(130)) { try await Self.interrupt(by: SIGINT) }
    await #expect(processExitsWith: .exitCode(129)) { try await Self.interrupt(by: SIGHUP) }
  }

  @Test("a command that is told not to mind that its terminal was closed goes on")
  func ignoredHangup() async {
    await #expect(processExitsWith: .exitCode(3)) {
      signal(SIGHUP, SIG_IGN)
      let result = try await ThisProcess.interruptible {
        kill(getpid(), SIGHUP)
        return 3
      }
      ThisProcess.endIfInterrupted()
      exit(Int32(result))
    }
  }

  private static func interrupt(by signal: Int32) async throws -> Never {
    _ = try await ThisProcess.interruptible {
      kill(getpid(), signal)
      while !Task.isCancelled { await Task.yield() }
      return 3
    }
    ThisProcess.endIfInterrupted()
    exit(3)
  }
}
