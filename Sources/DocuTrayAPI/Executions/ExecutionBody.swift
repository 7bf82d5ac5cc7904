import FoundationEssentials
import QuotaCore

/// The body of an answer about an execution. `data`, the document's content, is not looked at.
struct ExecutionBody {
  private let root: JSONNode
  private let key: Secret

  init(_ body: [UInt8], hiding key: Secret) throws(ExecutionFailure) {
    guard !Obstacle.isWebPage(body) else { throw ExecutionFailure(.gateway, Obstacle.words(Obstacle.webPage, 200)) }
    do throws(JSONSyntaxError) {
      root = try JSONParser.parse(body)
    } catch {
      throw Self.failure("the answer is not valid JSON (at byte \(error.offset) of \(body.count))")
    }
    guard case .object = root.value else { throw Self.failure("the answer is \(root.kind) instead of an object") }
    self.key = key
  }

  /// The names of the execution's id: the answer to an execution says `id`, the one about its state `conversion_id` (or
  /// the kind's own), and some clients `execution_id`.
  private static let idNames = [
    "id", "conversion_id", "execution_id", "step_execution_id", "identification_id",
  ]

  /// - Parameter asked: the execution that was asked for, which the answer has to be about if it names one; nil if the
  ///   answer has to name a new one.
  func answer(asked: ExecutionID?, at time: Date) throws(ExecutionFailure) -> ExecutionAnswer {
    let named = Self.idNames.compactMap { root[$0]?.string }
    guard let id = asked ?? named.first.flatMap({ ExecutionID(rawValue: $0) }) else {
      throw Self.failure(named.isEmpty ? "the answer has no id" : "the answer's id has an unknown form")
    }
    guard named.isEmpty || named.contains(id.rawValue) else {
      throw Self.failure("the answer is about another execution")
    }
    guard let word = root["status"]?.string else { throw Self.failure("the answer has no \"status\"") }
    guard let status = ExecutionStatus(word: word) else {
      throw Self.failure(
        "the answer's status is \"\(ForeignText.line(word, limit: 40, hiding: [key]))\", which is not known")
    }
    return ExecutionAnswer(
      id: id, status: status, requestedAt: self.time("request_timestamp"),
      endedAt: status.hasEnded ? self.time("response_timestamp") : nil,
      stepName: line(root["step_name"]), problem: status == .error ? problem : nil, seenAt: time)
  }

  /// `error` is text or an object.
  private var problem: String? {
    let error = root["error"]
    return line(error) ?? line(error?["message"]) ?? line(error?["error"]) ?? line(error?["code"])
  }

  private func line(_ node: JSONNode?) -> String? {
    node?.string.map { ForeignText.line($0, hiding: [key]) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A time that cannot be read is none: our own stands in for it.
  private func time(_ name: String) -> Date? { root[name]?.string.flatMap { Date(rfc3339: $0) } }

  private static func failure(_ message: String) -> ExecutionFailure { ExecutionFailure(.invalidAnswer, message) }
}
