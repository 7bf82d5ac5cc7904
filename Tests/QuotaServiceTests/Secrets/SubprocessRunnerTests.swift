import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Programs that are run", .timeLimit(.minutes(5)))
struct SubprocessRunnerTests {
  private let runner = SubprocessRunner(
    environment: ["PATH": "/usr/bin:/bin", "HOME": "/h", "API_KEY": "hidden", "USER": "hidden"],
    hiddenVariables: ["USER"])

  private func run(
    _ script: String, input: [UInt8] = [], environment: [String: Secret] = [:], deadline: Duration = .seconds(600)
  ) async -> ProgramEnding {
    await runner.run(
      Program(
        ["sh", "-c", script], input: input, environment: environment, deadline: deadline, maximumOutput: 4_096))
  }

  @Test("read their input to the end")
  func input() async {
    let bytes = [UInt8](repeating: 0x61, count: 1_000_000)
    #expect(await run("wc -c", input: bytes) == .exited(code: 0, output: Array("1000000\n".utf8), errors: []))
  }

  @Test("may leave their input unread")
  func unread() async {
    let bytes = [UInt8](repeating: 0x61, count: 1_000_000)
    // Through a pipe this would end the test process, with some luck at the first attempt.
    for _ in 0..<50 { #expect(await run("exec true", input: bytes) == .exited(code: 0, output: [], errors: [])) }
  }

  @Test("see little of the environment, and what they are given")
  func environment() async {
    let ending = await run(
      "env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= | sort | tr '\\n' ' '", environment: ["TOKEN": Secret("t")])
    #expect(ending == .exited(code: 0, output: Array("HOME=/h PATH=/usr/bin:/bin TOKEN=t ".utf8), errors: []))
  }

  @Test("are told by their status and both outputs")
  func status() async {
    #expect(
      await run("echo out; echo err >&2; exit 75")
        == .exited(code: 75, output: Array("out\n".utf8), errors: Array("err\n".utf8)))
    #expect(await run("kill -9 $$") == .signaled(9))
  }

  @Test("are ended with their children when their time is up")
  func overdue() async {
    #expect(await run("sleep 100 & sleep 100", deadline: .milliseconds(200)) == .overdue)
  }

  @Test("that do not exist or print too much have failed")
  func failed() async {
    let missing = await runner.run(Program(["no-such-program-at-all"], deadline: .seconds(600)))
    #expect(missing == .failed("there is no such program; install it, or give its full path"))
    #expect(await run("yes") == .cut("it printed more than 4,096 bytes"))
  }

  @Test(
    "that cannot be started say why, before that and then",
    arguments: [
      ("#!/bin/sh\necho x\n", 0o644, "this user may not run it; allow it by `chmod +x`"),
      ("#!/no/such/sh -e\n", 0o755, "its first line names \"/no/such/sh\" to run it, which is not there"),
      (
        "#!/bin/sh\r\necho x\r\n", 0o755,
        "its first line names \"/bin/sh\" to run it, since its lines end as those of Windows do"
      ),
      ("#! /bin/sh\necho x\n", 0o755, nil),
    ])
  func obstacles(content: String, mode: Int, reason: String?) async throws {
    let folder = try ScratchFolder()
    let path = try folder.write(content, to: "tell", mode: mode)
    let runner = SubprocessRunner(environment: ["PATH": "/nowhere:\(folder.path)"])
    for program in [path, "tell"] {
      #expect(runner.obstacle(to: program) == reason)
      let ending = await runner.run(Program([program], deadline: .seconds(600)))
      #expect(ending == (reason.map { .failed($0) } ?? .exited(code: 0, output: Array("x\n".utf8), errors: [])))
    }
    #expect(runner.obstacle(to: folder.path) == "it is a directory, and no program")
  }
}
