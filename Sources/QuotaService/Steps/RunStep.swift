import FoundationEssentials
import Logging
package import QuotaCore
import UsageStore

/// Has the vendor process a document.
package struct RunStep: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let vendor: Vendor
  let world: World

  /// A document to be processed, as a command names it.
  package enum Source: Sendable {
    case file(String)
    case base64File(String)
    case url(String)
  }

  /// How a step is to be executed.
  package struct Options: Sendable {
    /// May be left out if only one is configured.
    package var organization: String?
    package let step: String
    package let document: Source
    /// The text of a JSON object.
    package var metadata: String?
    /// How long to wait where the vendor's rate limit is used up.
    package var timeout = TimeSpan.minutes(30)
    /// Told how many bytes of how many are sent.
    package var progress: @Sendable (_ sent: Int64, _ total: Int64) -> Void = { _, _ in }

    package init(step: String, document: Source) {
      self.step = step
      self.document = document
    }
  }

  /// An execution that was started.
  package struct Started: Sendable {
    package let execution: Execution
    package let stepName: String?
    /// How it is to be asked for.
    package let document: PollingPolicy.Document
  }

  /// Executes a step and puts the execution into the ledger.
  package func callAsFunction(_ options: Options) async throws -> Started {
    let organization = try configuration.theOrganization(options.organization)
    let (order, document) = try Self.order(options)
    let key: Secret
    do throws(SecretError) {
      key = try await world.secrets.secret(organization.apiKey)
    } catch {
      throw ServiceError(.keyRejected, "\(organization.organization.id): \(error.message)")
    }
    // Whatever is wrong with the database shows before the vendor is asked for anything.
    _ = try await database.openForReadingAfterInbox()
    let answer = try await execute(order, key, options)
    let report = answer.report(of: organization.organization.id, kind: .step, origin: .run)
    do {
      try await keep(report)
    } catch {
      throw ServiceError(
        .inputOutput,
        lines: ["the vendor has started the execution \(answer.id), but it could not be put into the ledger"]
          + Self.lines(error)
          + ["`quotawatch steps status \(answer.id) --organization \(organization.organization.id)` will put it there"])
    }
    return Started(execution: Execution(report), stepName: answer.stepName, document: document)
  }

  /// Puts a report into the ledger, or into the inbox while another process writes.
  private func keep(_ report: ExecutionReport) async throws {
    do {
      try await database.writing(patience: DatabaseAccess.inboxPatience) { store in
        try await store.write { _ = try $0.record(report) }
      }
    } catch let error as ServiceError where error.status == .busy {
      try await LedgerInbox(database: database.path).append([report])
    }
  }

  private static func lines(_ error: any Error) -> [String] {
    switch error {
    case let error as ServiceError: error.lines
    case let error as StoreError: [error.message]
    default: []
    }
  }

  private func execute(_ order: StepOrder, _ key: Secret, _ options: Options) async throws -> ExecutionAnswer {
    let elapsed = world.clock.stopwatch()
    var attempts = 0
    while true {
      do throws(ExecutionFailure) {
        return try await vendor.executions.execute(order, key: key, progress: options.progress)
      } catch {
        // A document that was refused for the rate was not taken, so it can be sent again.
        guard error.reason == .rateLimited, case .possible(let retryAfter) = error.retry,
          attempts < configuration.api.retries,
          elapsed.seconds + Double(retryAfter?.seconds ?? 1) < Double(options.timeout.seconds)
        else { throw ServiceError(ExitStatus(error.reason), error.message) }
        attempts += 1
        let wait = max(
          Double(retryAfter?.seconds ?? 0), PollingPolicy.wait(after: attempts, .small, jitter: world.random()))
        world.logger.notice("\(error.message); trying again")
        try await elapsed.sleep(until: elapsed.seconds + wait)
      }
    }
  }

  private static func order(_ options: Options) throws -> (StepOrder, PollingPolicy.Document) {
    guard let step = ExecutionID(rawValue: options.step) else {
      throw ServiceError(.usage, "\"\(options.step)\" is no step's id: up to 128 letters, digits and - _ . : ~")
    }
    let metadata = try options.metadata.map(metadata)
    switch options.document {
    case .file(let path):
      let file = try DocumentFile(path)
      let format = try file.format()
      return (
        StepOrder(step: step, document: .upload(path: path, format: format), metadata: metadata),
        format == .pdf || file.size >= PollingPolicy.Document.largeSize ? .large : .small
      )
    case .base64File(let path):
      let file = try DocumentFile(path)
      let (text, format) = try file.base64()
      return (
        StepOrder(step: step, document: .base64(text, format), metadata: metadata),
        format == .pdf || format == nil || file.size >= PollingPolicy.Document.largeSize ? .large : .small
      )
    case .url(let url):
      let format = try checkedURL(url)
      return (StepOrder(step: step, document: .url(url, format), metadata: metadata), .large)
    }
  }

  private static func metadata(_ text: String) throws -> [UInt8] {
    let bytes = Array(text.utf8)
    do {
      let root = try JSONParser.parse(bytes)
      guard case .object = root.value else {
        throw ServiceError(.usage, "--metadata is \(root.kind) instead of a JSON object such as {\"batch\": \"7\"}")
      }
      return bytes
    } catch let error as JSONSyntaxError {
      throw ServiceError(.usage, "--metadata is not JSON: \(error.message)")
    }
  }

  /// The format that an address's path claims, of an address that the vendor can download from.
  private static func checkedURL(_ url: String) throws -> DocumentFormat? {
    let lowercased = url.lowercased()
    guard lowercased.hasPrefix("https://") || lowercased.hasPrefix("http://"), !url.hasControlCharacters,
      !url.contains(" "), url.split(separator: "/").count >= 2
    else { throw ServiceError(.usage, "--url expects an address such as https://files.example.com/invoice.pdf") }
    let path = url.prefix { $0 != "?" && $0 != "#" }
    return path.split(separator: "/").dropFirst(2).last.flatMap { DocumentFormat(name: String($0)) }
  }
}
