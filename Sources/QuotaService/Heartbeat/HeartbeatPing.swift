import QuotaCore

/// One thing that a monitor is told.
struct HeartbeatPing: Sendable {
  enum Kind: Sendable {
    case start
    case success
    case failure
  }

  let kind: Kind
  /// What is told: no secret, no name.
  let words: String

  init(_ kind: Kind, _ words: String) {
    self.kind = kind
    self.words = words
  }

  /// What is to be told of a run's end: a success only where something was read and every alert reaches its channels.
  init(_ outcome: Result<CollectReport, any Error>, seconds: Double) {
    let tenths = Int((max(0, seconds) * 10).rounded())
    let duration = "\(tenths / 10).\(tenths % 10) s"
    switch outcome {
    case .success(let report):
      let summary = report.summary
      let read = "\(summary.read) of \(summary.organizations) organizations read in \(duration)"
      let stuck = summary.pending + report.deadLetters.count { $0.isAlarming(at: report.endedAt) }
      if stuck > 0 {
        let messages = stuck == 1 ? "1 message" : "\(stuck) messages"
        self.init(.failure, "\(read), but \(messages) could not be delivered")
      } else {
        self.init(summary.read > 0 ? .success : .failure, read)
      }
    case .failure(let error as ServiceError):
      self.init(.failure, "the run ended with exit code \(error.status.rawValue) after \(duration)")
    case .failure(is CancellationError): self.init(.failure, "the run was interrupted after \(duration)")
    case .failure: self.init(.failure, "the run failed after \(duration)")
    }
  }

  /// The address that tells this: its kind is the end of the path, before a query.
  func address(_ base: Secret) -> Secret {
    let text = base.reveal()
    let path = text.prefix { $0 != "?" && $0 != "#" }
    let query = text[path.endIndex...].prefix { $0 != "#" }
    let plain = path.reversed().drop { $0 == "/" }.reversed()
    return switch kind {
    case .start: Secret(String(plain) + "/start" + query)
    case .success: Secret(String(path) + query)
    case .failure: Secret(String(plain) + "/fail" + query)
    }
  }
}
