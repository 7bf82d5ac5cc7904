package import QuotaCore

/// What the process says when it ends; documented in `docs/exit-codes.md`.
package enum ExitStatus: Int32, Sendable {
  /// All done.
  case success = 0
  /// Some organizations could not be read.
  case unread = 2
  /// Some notifications could not be delivered yet; said before ``unread`` where both are true.
  case undelivered = 3
  /// The vendor finds a request invalid (400).
  case invalidRequest = 10
  /// The vendor rejects the key (401), or it cannot be had.
  case keyRejected = 11
  /// An execution or a step belongs to another organization (403).
  case accessDenied = 12
  /// The vendor does not know an execution or a step (404).
  case notFound = 13
  /// The vendor could not download a document in time (408).
  case downloadTimeout = 14
  /// A document is too large (413, or found before it was sent).
  case tooLarge = 15
  /// A document's format is not taken (415, or found before it was sent).
  case unsupportedType = 16
  /// The vendor's rate limit is used up (429).
  case rateLimited = 17
  /// The vendor has a problem (5xx).
  case serverError = 18
  /// The vendor's answer cannot be understood.
  case invalidAnswer = 19
  /// An execution has ended in an error.
  case executionFailed = 20
  /// An execution has not ended in the time that was given.
  case stillOpen = 21
  /// It is not known whether the vendor has taken a document.
  case outcomeUnknown = 22
  /// Something is not matched, or has a status that `--fail-on` names.
  case notMatched = 30
  /// A month cannot be closed now.
  case refused = 31
  /// The closing journal is not as it was written.
  case notProven = 32
  /// Nothing at all is known of what was asked for.
  case nothingKnown = 33
  /// The command line is wrong.
  case usage = 64
  /// A file to be imported is wrong; nothing of it was stored.
  case badData = 65
  /// The vendor cannot be reached, or does not answer in time.
  case unreachable = 69
  /// A file or the database could not be read or written.
  case inputOutput = 74
  /// Another run is active, or what is no run finds the database held by somebody else.
  case busy = 75
  /// The configuration is wrong.
  case configuration = 78
}

/// A reason to stop, in words for the person at the terminal.
package struct ServiceError: Error, Sendable {
  package let status: ExitStatus
  /// What happened, to what, and what to do; one line each.
  package let lines: [String]

  package init(_ status: ExitStatus, _ lines: String...) {
    self.init(status, lines: lines)
  }

  package init(_ status: ExitStatus, lines: [String]) {
    self.status = status
    self.lines = lines
  }

  package init(_ error: StoreError) {
    let isBusy = if case .inUse = error { true } else { false }
    self.init(isBusy ? .busy : .inputOutput, error.message)
  }
}
