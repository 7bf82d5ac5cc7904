import FoundationEssentials
import QuotaCore

/// What the figures of an event mean to a person.
extension EventText {
  /// The details that only some kinds of rules have.
  static func evidence(_ event: Event) -> [Detail] {
    [
      projection(event), probability(event), exhaustion(event), allowance(event), usual(event), correction(event),
      other(event),
      money(event),
    ]
    .compactMap { $0 }
  }

  private static func projection(_ event: Event) -> Detail? {
    guard let projected = event.evidence.projected else { return nil }
    let range = event.evidence.projectedLow.flatMap { low in
      event.evidence.projectedHigh.map { " (\(low.grouped) to \($0.grouped))" }
    }
    return Detail(label: "Expected", pieces: [.own(projected.grouped + (range ?? ""))])
  }

  private static func probability(_ event: Event) -> Detail? {
    event.evidence.probability.map { Detail(label: "Probability", pieces: [.own("\($0) % to pass the limit")]) }
  }

  private static func exhaustion(_ event: Event) -> Detail? {
    guard let from = event.evidence.exhaustedFrom else { return nil }
    guard let to = event.evidence.exhaustedTo else {
      return Detail(label: "Used up", pieces: [.own("from "), .time(from), .own(" on, if at all")])
    }
    return Detail(label: "Used up", pieces: [.own("between "), .time(from), .own(" and "), .time(to)])
  }

  private static func allowance(_ event: Event) -> Detail? {
    event.evidence.dailyAllowance.map {
      Detail(label: "Left a day", pieces: [.own("\($0.grouped) to stay inside of the quota")])
    }
  }

  private static func usual(_ event: Event) -> Detail? {
    event.evidence.baseline.map { Detail(label: "Usual", pieces: [.own($0.grouped)]) }
  }

  private static func correction(_ event: Event) -> Detail? {
    guard let before = event.evidence.before, let used = event.evidence.used else { return nil }
    let change = "\(before.grouped) before, \(used.grouped) now"
    return Detail(label: "Corrected", pieces: [.own(change)])
  }

  private static func other(_ event: Event) -> Detail? {
    event.evidence.otherOrganization.map { Detail(label: "Same as", pieces: [.foreign($0.rawValue)]) }
  }

  private static func money(_ event: Event) -> Detail? {
    event.evidence.money.map { Detail(label: "Amount", pieces: [.own($0)]) }
  }
}
