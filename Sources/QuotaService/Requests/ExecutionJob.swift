import QuotaCore

/// Asks how far an execution is.
struct ExecutionJob: RequestJob {
  let key: Execution.Key
  let organization: Int
  var attempts = 0

  static let time = "the time"

  /// What is to be asked for these executions, of organizations that are there.
  static func all(_ keys: [Execution.Key], of organizations: [ConfiguredOrganization]) -> [ExecutionJob] {
    let places = Dictionary(uniqueKeysWithValues: organizations.enumerated().map { ($1.organization.id, $0) })
    return keys.compactMap { key in places[key.organization].map { ExecutionJob(key: key, organization: $0) } }
  }

  func attempt(
    at source: any ExecutionSource, of _: ConfiguredOrganization, key secret: Secret
  ) async throws(ExecutionFailure) -> AskedExecution? {
    AskedExecution(key: key, result: .success(try await source.status(of: key.id, kind: key.kind, key: secret)))
  }

  func outcome(of _: ConfiguredOrganization, after failure: ExecutionFailure) -> AskedExecution {
    AskedExecution(key: key, result: .failure(failure))
  }
}

/// What the vendor said of an execution.
struct AskedExecution: Sendable {
  let key: Execution.Key
  let result: Result<ExecutionAnswer, ExecutionFailure>
}
