import FoundationEssentials
import Hummingbird
import QuotaCore

/// `/sandbox/clock`: what the vendor takes for now.
extension Control {
  private struct Times: Encodable {
    let now: Date
    let month: BillingMonth?
    let timeZone: String
    let followsSystem: Bool
  }

  private enum ClockChange {
    case set(Date)
    case advance(TimeSpan)
    case followSystem
  }

  func registerClock(on router: Router<SandboxContext>) {
    router.get("/sandbox/clock") { _, _ in try ControlExchange.answer(reading) }
    router.post("/sandbox/clock") { request, _ in
      try await ControlExchange.take(request) { object -> ClockChange? in
        let now = object.optional("now")
        let advance = object.optional("advance")
        let follow = object.optional("follow_system")
        switch (now, advance, follow) {
        case (let now?, nil, nil): return now.time().map(ClockChange.set)
        case (nil, let advance?, nil): return advance.timeSpan().map(ClockChange.advance)
        case (nil, nil, let follow?) where follow.boolean() == true: return .followSystem
        default:
          object.node.report("expected one of \"now\", \"advance\" and \"follow_system\": true")
          return nil
        }
      } then: { change in
        switch change {
        case .set(let date): vendor.now = date
        case .advance(let span): vendor.now = vendor.now + span
        case .followSystem: vendor.clock = .system
        }
        return reading
      }
    }
  }

  private var reading: Times {
    Times(
      now: vendor.now, month: vendor.currentMonth, timeZone: vendor.timeZone.identifier,
      followsSystem: vendor.clock == .system)
  }
}
