import FoundationEssentials
import QuotaCore

/// A message laid out as an e-mail, as it is kept in the outbox.
struct EmailBody: Codable, Equatable {
  let subject: String
  let text: String
  let html: String
  /// What the Message-ID ends in.
  let domain: String
  /// The messages that have told what it ends or reminds of.
  var follows: [MessageID] = []
  /// The addresses that are still to have it; nil for all.
  var rest: [String]?

  /// - Parameter from: whose domain the Message-ID ends in.
  /// - Throws: ``UnfitText``.
  init(_ message: MessageText, _ texts: Texts = Texts(), from: Mailbox) throws {
    try Fit.check(texts.title, "subject", atMost: Self.longestSubject, unit: \.unicodeScalars.count)
    try Fit.check(texts.text, "text", atMost: Self.longestPart, unit: \.utf8.count)
    try Fit.check(texts.html, "html", atMost: Self.longestPart, unit: \.utf8.count)
    subject = texts.title ?? "[quotawatch] \(message.subject)"
    let title = subject
    domain = from.address.split(separator: "@").last.map(String.init) ?? "localhost"
    text = texts.text ?? Self.text(message)
    // A text of one's own without a page of one's own is not to come with another page beside it.
    html = texts.html ?? texts.text.map { EmailHTML.page(of: $0, title: title) } ?? EmailHTML(message).page
  }

  /// The Message-ID without its angle brackets, in every attempt the same.
  func messageID(of message: MessageID) -> String { "\(DotAtom.encoding(message.rawValue))@\(domain)" }

  /// The Message-IDs of what it follows, by which mail programs show both together.
  var inReplyTo: [String] { follows.map(messageID) }

  /// In scalars: longer ones are cut by every mail program.
  private static let longestSubject = 500
  /// In bytes; some servers take no more than 10 MB in all.
  private static let longestPart = 1 << 20

  private static func text(_ message: MessageText) -> String {
    let details = message.detailsBesideHeadline
    let width = details.map { $0.label.count + 2 }.max() ?? 0
    var lines = ["\(Unlinked.text(message.headline)).", ""]
    if let percent = message.percentUsed { lines += [MessageFormat.bar(percent: percent), ""] }
    lines += details.map { detail in
      let label = detail.label + ":"
      return label + String(repeating: " ", count: width - label.count) + detail.shown
    }
    lines += EventTable(message.rows).lines
    if let link = message.link { lines += ["", "\(MessageText.linkLabel): \(link)"] }
    lines += ["", "-- ", "quotawatch", "event \(message.id)", ""]
    return lines.joined(separator: "\n")
  }
}
