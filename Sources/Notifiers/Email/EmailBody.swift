import FoundationEssentials
import QuotaCore

/// A message laid out as an e-mail, as it is kept in the outbox.
struct EmailBody: Codable, Equatable {
  let subject: String
  let text: String
  let html: String
  /// Without angle brackets.
  let messageID: String

  enum CodingKeys: String, CodingKey {
    case subject, text, html
    case messageID = "message_id"
  }

  /// - Parameter from: whose domain the Message-ID ends in.
  init(_ message: MessageText, from: Mailbox) {
    subject = "[quotawatch] \(message.subject)"
    let domain = from.address.split(separator: "@").last.map(String.init) ?? "localhost"
    messageID = "\(DotAtom.encoding(message.id.rawValue))@\(domain)"
    text = Self.text(message)
    html = EmailHTML(message).page
  }

  private static func text(_ message: MessageText) -> String {
    let width = message.details.map { $0.label.count + 2 }.max() ?? 0
    var lines = ["\(message.headline).", ""]
    if let percent = message.percentUsed {
      lines += ["\(MessageFormat.bar(percent: percent)) \(MessageFormat.number(percent)) %", ""]
    }
    lines += message.details.map { detail in
      let label = detail.label + ":"
      return label + String(repeating: " ", count: width - label.count) + detail.value
    }
    lines += EventTable(message.rows).lines
    lines += ["", "-- ", "quotawatch", "event \(message.id)", ""]
    return lines.joined(separator: "\n")
  }
}
