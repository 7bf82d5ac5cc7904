import FoundationEssentials
import Logging
import QuotaCore
import Reports
import WebServer

extension Setup {
  /// Makes an answer of the server; what goes wrong becomes a problem that everybody may see.
  func answering<Value>(_ body: (Setup) async throws -> Value) async throws -> Value {
    do {
      return try await body(self)
    } catch let error as StoreError {
      throw problem(ServiceError(error))
    } catch let error as ServiceError {
      throw problem(error)
    }
  }

  private func problem(_ error: ServiceError) -> any Error {
    switch error.status {
    case .usage: return Problem.nothing(error.lines.joined(separator: "; "))
    case .busy, .inputOutput:
      world.logger.error("the server cannot read the database: \(error.lines.joined(separator: "; "))")
      return Problem.unavailable("the database cannot be read now; the log of the server says why")
    default: return error
    }
  }

  /// The configured organizations that a question is about, in the order of the configuration.
  ///
  /// - Throws: that the one which it names is not configured.
  func organizations(_ question: APIQuestion) throws -> [OrganizationID] {
    let all = configuration.organizations.map(\.organization.id).filter(question.sees)
    guard let only = try question.organization ?? question.only() else { return all }
    guard all.contains(only) else { throw Problem.noOrganization }
    return [only]
  }

  /// The plans of the organizations that somebody may see.
  func plans(of question: APIQuestion) -> Set<String> {
    Set(configuration.organizations.map(\.organization).filter { question.sees($0.id) }.compactMap(\.plan))
  }

  func statusRows(of organizations: [OrganizationID]) async throws -> [StatusRow] {
    organizations.isEmpty ? [] : try await status(organizations.map(\.rawValue))
  }

  func statusOutputs(of organizations: [OrganizationID], _ question: APIQuestion) async throws -> [StatusOutput] {
    let dead = try await deadLetters(question)
    return try await statusRows(of: organizations).map { StatusOutput($0, dead) }
  }

  /// The dead letters that somebody may know of: they are of several organizations, and of those who run this.
  func deadLetters(_ question: APIQuestion) async throws -> [DeadLetter] {
    question.visible == nil ? try await deadLetters() : []
  }

  /// The snapshots of a month, by default the present one, in the order in which they were made.
  func series(_ organization: OrganizationID, month: BillingMonth?) async throws -> [Snapshot] {
    let present = BillingMonth(containing: world.now(), in: configuration.billingTimeZone)
    guard let month = month ?? present else { throw Problem.wrong("name a month: month=2026-11") }
    return try await database.openForReading().read {
      try $0.snapshots(of: organization, month: month, seenSince: Date(timeIntervalSince1970: 0))
    }
  }

  /// The last runs that ended.
  func runs(before id: Int64?, limit: Int) async throws -> [Run] {
    try await database.openForReading().read { try $0.runs(before: id, limit: limit) }
  }

  /// The rows of the usage report, an object each.
  func usageRows(_ months: [StoredMonth]) throws -> [String] {
    try lines { sink in
      var report = UsageReport(
        format: .jsonl, zone: configuration.billingTimeZone, zoneName: configuration.billingTimeZoneName,
        now: world.now(), to: sink)
      for month in months { try report.write(month) }
      try report.finish()
    }
  }

  /// The rows of the reconciliation, an object each.
  func reconciliationRows(_ months: [ReconciledMonth], at time: Date) throws -> [String] {
    try lines { sink in
      var report = ReconciliationReport(
        format: .jsonl, zone: configuration.billingTimeZone, zoneName: configuration.billingTimeZoneName,
        reconciledAt: time, to: sink)
      for month in months { try report.write(month) }
      try report.finish()
    }
  }

  private func lines(_ write: (@escaping UsageReport.Sink) throws -> Void) throws -> [String] {
    var bytes: [UInt8] = []
    try withoutActuallyEscaping({ bytes.append(contentsOf: $0) }) { try write($0) }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

extension APIQuestion {
  /// From `from` to `to`: without these the present month, and one month with one of them.
  func months(containing now: Date, in zone: TimeZone) throws -> ClosedRange<BillingMonth> {
    let (from, to) = (try month("from"), try month("to"))
    guard let first = from ?? to ?? BillingMonth(containing: now, in: zone) else {
      throw Problem.wrong("name a month: from=2026-11")
    }
    let last = to ?? first
    guard first <= last else { throw Problem.wrong("\"from\" is later than \"to\"") }
    return first...last
  }

  /// An alert as somebody may see it: others have no place in it.
  func shown(_ alert: Alert) -> Alert {
    guard visible != nil else { return alert }
    var shown = alert
    (shown.evidence.otherOrganization, shown.evidence.doubted) = (nil, nil)
    return shown
  }
}
