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

  @Test("that was closed by its reader ends it quietly")
  func closedPipe() async {
    await #expect(processExitsWith: .success) {
      ThisProcess.ignoreBrokenPipes()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      close(ends[0])
      dup2(ends[1], STDOUT_FILENO)
      Console.standardOutput.print("a line")
      exit(1)
    }
  }

  @Test("does not matter where it is standard error: the process goes on, and ends as its work says")
  func closedErrors() async {
    await #expect(processExitsWith: .exitCode(3)) {
      ThisProcess.ignoreBrokenPipes()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      close(ends[0])
      dup2(ends[1], STDERR_FILENO)
      Console.standardError.print("a line")
      exit(3)
    }
  }

  @Test("an interrupted command ends with 128 and the signal's number, whatever its work came to")
  func interruption() async {
    await #expect(processExitsWith: .exitCode(143)) {
      _ = try await ThisProcess.interruptible {
        kill(getpid(), SIGTERM)
        while !Task.isCancelled { await Task.yield() }
        return 3
      }
      ThisProcess.endIfInterrupted()
      exit(3)
    }
  }
}
