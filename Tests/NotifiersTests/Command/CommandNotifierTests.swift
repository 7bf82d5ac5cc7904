import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("Telling a program")
struct CommandNotifierTests {
  private let now = moment("2026-11-23T12:00")

  private func notifier(_ programs: FakeProgramRunner) -> any Notifier {
    NotifierConfiguration(
      CommandChannel(["notify", "--now"], timeout: .seconds(5), environment: ["TOKEN": .environment("T")])
    ).notifier(
      id: NotifierID("n"), http: FakeHTTPTransport(), mail: FakeMailTransport(), programs: programs,
      secrets: FixedSecrets(["T": "hunter2-long"]), warn: { _ in })
  }

  private func send(_ ending: ProgramEnding) async throws -> SendOutcome {
    let notifier = notifier(FakeProgramRunner(ending))
    return await notifier.send(try notifier.compose(.event(.threshold())), id: MessageID(rawValue: "m"), now: now)
  }

  @Test("gives it the webhook's body, the message's id and its secrets")
  func program() async throws {
    let programs = FakeProgramRunner()
    let notifier = notifier(programs)
    let payload = try notifier.compose(Groups.message())
    _ = await notifier.send(payload, id: MessageID(rawValue: "m+2"), now: now)
    let program = try #require(programs.programs.first)
    #expect(program.arguments == ["notify", "--now"])
    #expect(program.input == payload)
    #expect(
      program.environment.mapValues { $0.reveal() } == ["TOKEN": "hunter2-long", "QUOTAWATCH_MESSAGE_ID": "m%2B2"])
    #expect(program.deadline == .seconds(5))
    #expect(try JSONParser.parse(payload)["type"]?.string == "alert.group")
    #expect(notifier.groups && notifier.sendsAcknowledgements)
  }

  @Test("gives it an id that is safe as the name of a file")
  func fileName() async throws {
    let programs = FakeProgramRunner()
    let long = String(repeating: "r", count: 64) + "/" + String(repeating: "/", count: 80)
    let ids = ["quota/acme/2026-11/pages/80%/firing/1~ab", "quota%2Facme", long + "1", long + "2"]
    for id in ids { _ = await notifier(programs).send([], id: MessageID(rawValue: id), now: now) }
    let names = programs.programs.compactMap { $0.environment["QUOTAWATCH_MESSAGE_ID"]?.reveal() }
    #expect(names.first == "quota%2Facme%2F2026-11%2Fpages%2F80%25%2Ffiring%2F1%7Eab")
    #expect(Set(names).count == ids.count)
    #expect(names.allSatisfy { $0.utf8.count <= 200 && !$0.contains("/") })
  }

  @Test(
    "takes status 0 as delivered, tries every other again, and does not know what came of a program that did not end",
    arguments: [
      (.exited(code: 0, output: Array("sent 1\n".utf8), errors: []), .delivered(answer: "ended with status 0: sent 1")),
      (
        .exited(code: 75, output: [], errors: Array("busy".utf8)),
        .retryable(reason: "ended with status 75: busy")
      ),
      (.exited(code: 1, output: [], errors: []), .retryable(reason: "ended with status 1")),
      (
        .exited(code: 65, output: [], errors: Array("cannot read it".utf8)),
        .rejected(reason: "ended with status 65: cannot read it")
      ),
      (
        .exited(code: 78, output: [], errors: []),
        .channelDead(reason: "ended with status 78 – the program says that its configuration is wrong")
      ),
      (.signaled(9), .unknown(reason: "ended by signal 9")),
      (.cut("it printed more than 64 bytes"), .unknown(reason: "it printed more than 64 bytes")),
      (.cancelled, .unknown(reason: "interrupted")),
      (.failed("there is no such program"), .retryable(reason: "there is no such program")),
      (.overdue, .unknown(reason: "did not end within 5 s")),
    ] as [(ProgramEnding, SendOutcome)])
  func endings(ending: ProgramEnding, outcome: SendOutcome) async throws {
    #expect(try await send(ending) == outcome)
  }

  @Test("is tried without running it: whether it could be started")
  func probe() async {
    #expect(
      await notifier(FakeProgramRunner(obstacle: "it is not there")).probe() == .retryable(reason: "it is not there"))
    let programs = FakeProgramRunner()
    guard case .delivered = await notifier(programs).probe() else { return #expect(Bool(false)) }
    #expect(programs.programs.isEmpty)
  }

  @Test("repeats no secret that it prints", arguments: [Int32(0), 1])
  func secrecy(code: Int32) async throws {
    let said = Array("token hunter2-long used".utf8)
    let outcome = "\(try await send(.exited(code: code, output: said, errors: said)))"
    #expect(outcome.contains("used") && !outcome.contains("hunter2"))
  }
}
