import FoundationEssentials

/// Tells when the vendor refuses an organization's key, and when it takes it again; and when something else has kept the key
/// from the vendor for long: a gateway, or a limit.
///
/// Any other failure says nothing about the key.
package struct CredentialRule: RuleKind {
  /// After how long an obstacle is told. A refusal is told at once.
  private static let longestObstacle = TimeSpan.hours(6)

  package init() {}

  package static let type = RuleType.credential
  package static let summary = "The vendor refuses a key, or something in between keeps it from the vendor."
  package static let isReplayable = false
  package static let waitsForKeys = true
  package static let fields = Fields.none(CredentialRule())

  package func judge(_ input: RuleInput, into verdicts: inout some VerdictSink) {
    let history = input.history
    guard let failing = history.failing else {
      verdicts.add(.no) { previous in
        let failure = previous?.evidence.failure
        var evidence = Evidence(observedAt: history.lastSuccessAt)
        evidence.failure = failure
        guard history.lastSuccessAt != nil else { return Explanation("the key was not used yet", evidence) }
        return Explanation(failure?.isObstacle ?? false ? "the vendor answers" : "the key is accepted", evidence)
      }
      return
    }
    func explanation(_ words: String, _ failure: ReadingFailure.Reason) -> Explanation {
      var evidence = Evidence(observedAfter: history.lastSuccessAt, observedAt: failing.lastFailedAt)
      evidence.failure = failure
      return Explanation(words + failing.message, evidence)
    }
    switch failing.reason {
    case .keyRejected:
      // What was told of a gateway ends before the refusal is told: they are different troubles.
      verdicts.add(.no) { previous in
        guard let previous, previous.holds, let failure = previous.evidence.failure, failure.isObstacle else {
          return nil
        }
        return explanation("nothing is in between any more, but ", failure)
      }
      verdicts.add(.yes) { _ in explanation("", .keyRejected) }
    case .gateway, .limited:
      guard let since = failing.obstructedSince, input.now >= since + Self.longestObstacle else { return }
      verdicts.add(.yes) { _ in explanation("since \(since.iso8601): ", failing.reason) }
    case .keyUnavailable, .rateLimited, .unreachable, .timeout, .serverError, .invalidAnswer, .deadline: break
    }
  }

  package static func headline(of event: Event, _ name: String) -> EventHeadline {
    let isResolved = event.transition == .resolved
    switch event.evidence.failure {
    case .gateway? where isResolved, .limited? where isResolved:
      return EventHeadline(name, "vendor reached", "the vendor answers the API key of \(name)")
    case .gateway?:
      return EventHeadline(
        name, "a gateway answers instead of the vendor",
        "Something else answers instead of the vendor for \(name), so its quota is not being watched")
    case .limited?:
      return EventHeadline(
        name, "refused by a limit", "A limit refuses the requests for \(name), so its quota is not being watched")
    default: break
    }
    guard !isResolved else {
      return EventHeadline(name, "API key accepted", "the vendor accepts the API key of \(name)")
    }
    return EventHeadline(
      name, "API key rejected", "The vendor rejects the API key of \(name), so its quota is not being watched")
  }
}
