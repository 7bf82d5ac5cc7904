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
    try MessageJSON.bytes(EmailBody(MessageText(message), texts, from: settings.from))
  }

  func send(_ payload: [UInt8], id: MessageID, now: Date) async -> SendOutcome {
    guard let body = try? JSONDecoder().decode(EmailBody.self, from: Data(payload)) else {
      return .rejected(reason: "the stored message is not an e-mail; was the notifier's type changed?")
    }
    let message = MailMessage(
      from: settings.from, to: settings.to, subject: body.subject, text: body.text, html: body.html,
      messageID: body.messageID(of: id), date: now)
    let server: MailServer
    do throws(SecretError) {
      server = try await settings.server(from: secrets)
    } catch {
      return .retryable(reason: error.message)
    }
    let hidden = server.password.map { [$0] } ?? []
    do throws(MailError) {
      let receipt = try await mail.send(message, via: server)
      return .delivered(
        answer: ForeignText.line(receipt.answer, hiding: hidden), remark: Self.remark(receipt, hiding: hidden))
    } catch {
      return outcome(of: error, hiding: hidden)
    }
  }

  private func outcome(of error: MailError, hiding hidden: [Secret]) -> SendOutcome {
    let reason = ForeignText.line(error.message, hiding: hidden)
    switch error {
    case .transport: return .retryable(reason: reason)
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

  /// Which recipients the server has refused; nil if it took all.
  private static func remark(_ receipt: MailReceipt, hiding hidden: [Secret]) -> String? {
    guard !receipt.refused.isEmpty else { return nil }
    let refused = receipt.refused.map { "\($0.address) (\(ForeignText.line($0.answer, limit: 100, hiding: hidden)))" }
    return "refused: \(refused.joined(separator: ", "))"
  }
}
