import FoundationEssentials
import QuotaCore

/// Sends messages as e-mail.
struct EmailNotifier: ChannelNotifier {
  static let channel: any ChannelKind.Type = EmailChannel.self
  let id: NotifierID
  let settings: EmailChannel
  let mail: any MailTransport
  let secrets: any SecretSource
  let pace: TimeInterval = 0

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    try MessageJSON.bytes(EmailBody(MessageText(message, texts), texts, from: settings.from))
  }

  var threads: Bool { true }

  func threaded(_ payload: [UInt8], behind earlier: [MessageID]) throws -> [UInt8] {
    var body = try JSONDecoder().decode(EmailBody.self, from: Data(payload))
    body.follows = earlier
    return try MessageJSON.bytes(body)
  }

  func send(_ payload: [UInt8], id: MessageID, now: Date) async -> SendOutcome {
    guard let body = try? JSONDecoder().decode(EmailBody.self, from: Data(payload)) else {
      return .rejected(reason: "the stored message is not an e-mail; was the notifier's type changed?")
    }
    let message = MailMessage(
      from: settings.from, to: settings.to, subject: body.subject,
      text: body.text, html: body.html, messageID: body.messageID(of: id), inReplyTo: body.inReplyTo, date: now,
      recipients: settings.to.filter { body.rest?.contains($0.address) ?? true })
    guard !message.recipients.isEmpty else {
      return .delivered(answer: "nobody who was still to have it is configured")
    }
    let server: MailServer
    do throws(SecretError) {
      server = try await settings.server(from: secrets)
    } catch {
      return .retryable(reason: error.message)
    }
    let hidden = server.password.map { [$0] } ?? []
    do throws(MailError) {
      let receipt = try await mail.send(message, via: server)
      return outcome(of: receipt, body, payload, count: message.recipients.count, hiding: hidden)
    } catch {
      // Those who were deferred and are refused now are not everybody: the channel works.
      guard body.rest != nil, case .refused(_, _, .recipients) = error else {
        return outcome(of: error, hiding: hidden)
      }
      let refusal = ForeignText.line(error.message, hiding: hidden)
      return .delivered(answer: "the others have it", remark: Delivery.refusal + refusal)
    }
  }

  /// Whoever was deferred is tried again alone.
  private func outcome(
    of receipt: MailReceipt, _ body: EmailBody, _ payload: [UInt8], count: Int, hiding hidden: [Secret]
  ) -> SendOutcome {
    let answer = ForeignText.line(receipt.answer, hiding: hidden)
    let remark = Self.named(receipt.refused, hiding: hidden).map { Delivery.refusal + $0 }
    guard let deferred = Self.named(receipt.deferred, hiding: hidden) else {
      return .delivered(answer: answer, remark: remark)
    }
    var rest = payload
    if receipt.deferred.count < count {
      var body = body
      body.rest = receipt.deferred.map(\.address)
      guard let bytes = try? MessageJSON.bytes(body) else { return .unknown(reason: answer) }
      rest = bytes
    }
    return .deferred(rest: rest, answer: "deferred: \(deferred)", remark: remark)
  }

  private func outcome(of error: MailError, hiding hidden: [Secret]) -> SendOutcome {
    let reason = ForeignText.line(error.message, hiding: hidden)
    switch error {
    case .transport: return .retryable(reason: reason)
    case .unanswered: return .unknown(reason: reason)
    case .refused(let code, _, let stage):
      return EmailAnswers.outcome(code: code, reason: reason, stage: stage, password: settings.password?.source)
    }
  }

  func probe() async -> SendOutcome {
    do throws(SecretError) {
      let server = try await settings.server(from: secrets)
      let hidden = server.password.map { [$0] } ?? []
      do throws(MailError) {
        let answer = try await mail.probe(server)
        return .delivered(answer: "reachable (\(ForeignText.line(answer, hiding: hidden)))")
      } catch {
        return outcome(of: error, hiding: hidden)
      }
    } catch {
      return .retryable(reason: error.message)
    }
  }

  /// Recipients with the server's answers; nil for none.
  private static func named(_ recipients: [RefusedRecipient], hiding hidden: [Secret]) -> String? {
    guard !recipients.isEmpty else { return nil }
    return recipients.map { "\($0.address) (\(ForeignText.line($0.answer, limit: 100, hiding: hidden)))" }
      .joined(separator: ", ")
  }
}
