package import FoundationEssentials

/// Executes steps at the vendor and asks for the state of executions, one attempt at a time; who calls decides about
/// retries.
package protocol ExecutionSource: Sendable {
  /// Has a document processed. Asking twice is two executions: after ``ExecutionFailure/Reason/outcomeUnknown`` nobody
  /// but the vendor knows whether there is one.
  ///
  /// - Parameter progress: told how many bytes of how many are sent, from any thread.
  func execute(
    _ order: StepOrder, key: Secret, progress: @escaping @Sendable (_ sent: Int64, _ total: Int64) -> Void
  ) async throws(ExecutionFailure) -> ExecutionAnswer

  /// Asks how far an execution is, at the endpoint of its kind.
  func status(of id: ExecutionID, kind: ExecutionKind, key: Secret) async throws(ExecutionFailure) -> ExecutionAnswer
}

/// A document to be processed by a step.
package struct StepOrder: Sendable {
  /// How the document gets to the vendor.
  package enum Document: Sendable {
    /// The file's bytes, read while they are sent.
    case upload(path: String, format: DocumentFormat)
    /// The document in base64, or a `data:` URI, whose format may be left out.
    case base64([UInt8], DocumentFormat?)
    /// The vendor downloads it, within 30 seconds.
    case url(String, DocumentFormat?)
  }

  /// The step's id, in the form of an ``ExecutionID``.
  package let step: ExecutionID
  package let document: Document
  /// A JSON object that comes back with the result; it is sent and not kept.
  package let metadata: [UInt8]?

  package init(step: ExecutionID, document: Document, metadata: [UInt8]? = nil) {
    self.step = step
    self.document = document
    self.metadata = metadata
  }
}

/// What the vendor says of an execution. The content of the document, which comes with it, is not a part of this.
package struct ExecutionAnswer: Hashable, Sendable {
  package let id: ExecutionID
  package let status: ExecutionStatus
  package let requestedAt: Date?
  package let endedAt: Date?
  /// The step's name, one line.
  package let stepName: String?
  /// Why it failed, one line, for showing only: it may speak of the document.
  package let problem: String?
  /// When the answer had arrived.
  package let seenAt: Date

  package init(
    id: ExecutionID, status: ExecutionStatus, requestedAt: Date? = nil, endedAt: Date? = nil, stepName: String? = nil,
    problem: String? = nil, seenAt: Date
  ) {
    self.id = id
    self.status = status
    self.requestedAt = requestedAt
    self.endedAt = endedAt
    self.stepName = stepName
    self.problem = problem
    self.seenAt = seenAt
  }

  /// What the ledger learns of it.
  package func report(
    of organization: OrganizationID, kind: ExecutionKind, origin: ExecutionOrigin
  ) -> ExecutionReport {
    ExecutionReport(
      key: Execution.Key(organization: organization, kind: kind, id: id), status: status, requestedAt: requestedAt,
      endedAt: endedAt, origin: origin, seenAt: seenAt)
  }
}
