package import QuotaCore

/// What the process says when it ends; documented in `docs/exit-codes.md`.
package enum ExitStatus: Int32, Sendable {
  /// All done.
  case success = 0
  /// Some organizations could not be read.
  case unread = 2
  /// Some notifications could not be delivered yet; said before ``unread`` where both are true.
  case undelivered = 3
  /// The command line is wrong.
  case usage = 64
  /// A file or the database could not be read or written.
  case inputOutput = 74
  /// Another run is active.
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
    let isBusy = if case .busy = error { true } else { false }
    self.init(isBusy ? .busy : .inputOutput, error.message)
  }
}
