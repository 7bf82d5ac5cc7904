import FoundationEssentials
import QuotaCore
import TestSupport
import Testing

@Suite("How often to ask")
struct PollingPolicyTests {
  @Test("keeps the vendor's recommendation at first, and slows down to half a minute")
  func waits() {
    for jitter in [0.0, 0.3, 1.0] {
      for question in 1...10 {
        #expect((1.0...2.0).contains(PollingPolicy.wait(after: question, .small, jitter: jitter)))
        #expect((3.0...5.0).contains(PollingPolicy.wait(after: question, .large, jitter: jitter)))
      }
      let later = (10...60).map { PollingPolicy.wait(after: $0, .small, jitter: jitter) }
      #expect(zip(later, later.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(later.last == 30)
    }
  }

  private static func execution(polled: String?, requested: String = "2026-11-05T12:00") throws -> Execution {
    var execution = Execution(try ExecutionChangeTests.report(.processing, requested: requested))
    execution.polledAt = polled.map(moment)
    return execution
  }

  @Test("An execution that was never asked for is due; later it rests for a quarter of its age, at most an hour")
  func due() throws {
    #expect(PollingPolicy.isDue(try Self.execution(polled: nil), at: moment("2026-11-05T12:00")))
    let young = try Self.execution(polled: "2026-11-05T12:20")
    #expect(!PollingPolicy.isDue(young, at: moment("2026-11-05T12:24")))
    #expect(PollingPolicy.isDue(young, at: moment("2026-11-05T12:25")))
    let old = try Self.execution(polled: "2026-11-07T12:00")
    #expect(!PollingPolicy.isDue(old, at: moment("2026-11-07T12:59")))
    #expect(PollingPolicy.isDue(old, at: moment("2026-11-07T13:00")))
  }

  @Test("An execution is given up when it is as old as the configuration says, unless it has ended")
  func over() throws {
    let open = try Self.execution(polled: nil)
    #expect(!PollingPolicy.isOver(open, at: moment("2026-11-07T11:59"), giveUpAfter: .days(2)))
    #expect(PollingPolicy.isOver(open, at: moment("2026-11-07T12:00"), giveUpAfter: .days(2)))
    var ended = open
    ended.status = .success
    #expect(!PollingPolicy.isOver(ended, at: moment("2026-11-09T12:00"), giveUpAfter: .days(2)))
  }
}
