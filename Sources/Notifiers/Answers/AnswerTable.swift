import FoundationEssentials
import QuotaCore

/// What the answers of a service mean, from its own documents. What no row speaks of passes, and is tried again.
struct AnswerTable: Sendable {
  /// What an answer is about, if it is not the usual one.
  enum Meaning: Sendable {
    /// The channel, and it passes.
    case passes
    /// The message: it will never be taken.
    case message
    /// The channel, which takes nothing until somebody repairs it.
    case channel
  }

  /// One row.
  struct Row: Sendable {
    let statuses: [Int]
    /// Words of which the body holds one; empty for any body.
    let words: [String]
    let meaning: Meaning
    /// What it means and what to do; `{url}` stands for the setting of that name. Nil where there is nothing to do.
    let advice: String?

    init(_ statuses: [Int], words: [String] = [], _ meaning: Meaning, _ advice: String? = nil) {
      self.statuses = statuses
      self.words = words
      self.meaning = meaning
      self.advice = advice
    }
  }

  /// What a service says when it has taken a message, and how it refuses one with a status of success.
  struct Success: Sendable {
    /// The usual answer in words, such as `"ok"`.
    let words: String
    let isUsual: @Sendable (ServiceAnswer) -> Bool
    /// The status that the service means; `.some(nil)` for a refusal that names none.
    let refusal: @Sendable (ServiceAnswer) -> Int??

    init(
      _ words: String, isUsual: @escaping @Sendable (ServiceAnswer) -> Bool,
      refusal: @escaping @Sendable (ServiceAnswer) -> Int?? = { _ in nil }
    ) {
      self.words = words
      self.isUsual = isUsual
      self.refusal = refusal
    }
  }

  /// Such as `Slack`.
  let service: String
  /// Nil for a receiver that anybody may have written: any 2xx is success, whatever the body.
  let success: Success?
  /// The first that fits counts.
  let rows: [Row]
  /// How long to wait after 429 where the answer does not say so.
  let pause: TimeSpan?
  /// How long to wait by what the service says in its own way, besides `Retry-After`.
  let retryAfter: @Sendable (ServiceAnswer) -> TimeSpan?
  /// What there is to add to the advice from the answer itself.
  let note: @Sendable (ServiceAnswer) -> String?

  init(
    _ service: String, success: Success?, pause: TimeSpan? = nil,
    retryAfter: @escaping @Sendable (ServiceAnswer) -> TimeSpan? = { _ in nil },
    note: @escaping @Sendable (ServiceAnswer) -> String? = { _ in nil }, _ rows: [Row]
  ) {
    self.service = service
    self.success = success
    self.pause = pause
    self.retryAfter = retryAfter
    self.note = note
    self.rows = rows
  }
}

extension AnswerTable {
  /// What has become of a message by the answer to it.
  ///
  /// - Parameters:
  ///   - secrets: what must not be repeated from the answer.
  ///   - origins: where the settings come from that the advice speaks of, by name.
  func outcome(
    of response: TransportResponse, now: Date, hiding secrets: [Secret], origins: [String: String]
  ) -> SendOutcome {
    let answer = ServiceAnswer(response)
    let said = ForeignText.line(response.body, hiding: secrets)
    let heading = said.isEmpty ? "HTTP \(answer.status)" : "HTTP \(answer.status): \(said)"
    switch judgement(on: answer) {
    case .taken(let remark): return .delivered(answer: heading, remark: remark)
    case .redirected:
      let host = answer.redirection.map { ForeignText.line($0, limit: 100, hiding: secrets) }
      let place = host.map { " to \($0)" } ?? ""
      return .retryable(
        reason: "HTTP \(answer.status): it redirects\(place), which is not followed", retryAfter: wait(answer, now))
    case .page:
      let page = "an HTML page instead of an answer of \(service): a gateway, a login page or a captive portal?"
      return .retryable(reason: "HTTP \(answer.status): \(page)", retryAfter: wait(answer, now))
    case .refused(let row, let status):
      let advice = [row?.advice.map { Self.filled($0, origins) }, note(answer)].compactMap { $0 }
        .map { " – \($0)" }.joined()
      switch row?.meaning ?? .passes {
      case .passes: return .retryable(reason: heading + advice, retryAfter: wait(answer, now, meaning: status))
      case .message: return .rejected(reason: heading + advice)
      case .channel: return .channelDead(reason: heading + advice)
      }
    }
  }

  private enum Judgement {
    case taken(remark: String?)
    case redirected
    case page
    /// The row that speaks of it, if one does, and the status that is meant, if it names one.
    case refused(Row?, Int?)
  }

  private func judgement(on answer: ServiceAnswer) -> Judgement {
    switch answer.status {
    case 200...299:
      guard let success else { return .taken(remark: answer.isPage ? Self.pageRemark : nil) }
      if answer.isPage { return .page }
      if success.isUsual(answer) { return .taken(remark: nil) }
      if let status = success.refusal(answer) ?? Self.refusal(answer) { return .refused(row(answer, status), status) }
      if let row = rows.first(where: { $0.words.contains(answer.text) }) { return .refused(row, nil) }
      if answer.claimsToBePage { return .page }
      return .taken(remark: "\(service) usually answers \(success.words): look whether it has arrived")
    case 300...399 where answer.response.header("location") != nil: return .redirected
    case 410: return .refused(row(answer, 410), 410)
    default:
      guard success != nil else { return .refused(row(answer, answer.status), answer.status) }
      if answer.isPage { return .page }
      let row = row(answer, answer.status)
      return answer.claimsToBePage && row?.words.isEmpty ?? false ? .page : .refused(row, answer.status)
    }
  }

  private static let pageRemark = "the answer is an HTML page: look whether the address is that of the receiver"

  /// - Parameter status: nil where only words tell.
  private func row(_ answer: ServiceAnswer, _ status: Int?) -> Row? {
    rows.first { row in
      (status.map { row.statuses.contains($0) } ?? !row.words.isEmpty)
        && (row.words.isEmpty || answer.holds(row.words))
    }
  }

  /// The refusal that common forms of JSON speak of; see ``Success/refusal``.
  private static func refusal(_ answer: ServiceAnswer) -> Int?? {
    guard let json = answer.json else { return nil }
    if case .boolean(false)? = (json["ok"] ?? json["success"])?.value { return .some(json.statusCode) }
    if let word = json["status"]?.string?.lowercased(), failures.contains(where: { word.contains($0) }) {
      return .some(json.statusCode)
    }
    switch (json["error"] ?? json["errors"])?.value {
    case .string(let text) where !text.isEmpty: return .some(json.statusCode)
    case .object(let members) where !members.isEmpty: return .some(json.statusCode)
    case .array(let items) where !items.isEmpty: return .some(json.statusCode)
    default: return nil
    }
  }

  private static let failures = ["fail", "error", "invalid", "throttl", "reject", "denied", "unauth", "forbidden"]

  /// How long the service wants to be left alone.
  ///
  /// - Parameter status: the status that it means, which may stand within a success.
  private func wait(_ answer: ServiceAnswer, _ now: Date, meaning status: Int? = nil) -> TimeSpan? {
    let header = RetryAfter.parse(
      answer.response.header("retry-after"), now: now, longest: DeliverySchedule.longestRetryAfter)
    let asked = [header, retryAfter(answer)].compactMap { $0 }.max()
    return asked ?? (status == 429 ? pause : nil)
  }

  /// The advice with each setting's name, and where its value comes from.
  private static func filled(_ advice: String, _ origins: [String: String]) -> String {
    advice.replacing(/\{([a-z_]+)\}/) { match in
      let name = String(match.output.1)
      return "\"\(name)\"" + (origins[name].map { " (\($0))" } ?? "")
    }
  }
}

extension JSONNode {
  /// An HTTP status that an error speaks of under a usual name.
  fileprivate var statusCode: Int? {
    ["error_code", "status_code", "code", "http", "status"].lazy.compactMap { name -> Int? in
      guard case .number(let text)? = self[name]?.value, let code = Int(text), (400...599).contains(code) else {
        return nil
      }
      return code
    }.first
  }
}
