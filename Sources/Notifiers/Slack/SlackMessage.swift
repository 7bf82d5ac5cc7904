import FoundationEssentials
import QuotaCore

/// A message laid out in Slack's Block Kit.
///
/// What others have written stands in `plain_text` objects only, where Slack interprets no formatting; `mrkdwn`, which
/// dates need, holds our own words.
struct SlackMessage {
  private let message: MessageText
  private let texts: Texts

  /// - Throws: ``UnfitText``.
  init(_ message: MessageText, _ texts: Texts = Texts()) throws {
    self.message = message
    self.texts = texts
    try Fit.check(texts.title, "title", atMost: SlackLimit.header, unit: \.utf16.count)
    try Fit.check(texts.text, "text", atMost: SlackLimit.section, unit: \.utf16.count)
  }

  /// The JSON for the incoming webhook.
  var bytes: [UInt8] {
    get throws { try MessageJSON.bytes(payload) }
  }

  private var payload: SlackPayload {
    texts.title == nil && texts.text == nil ? builtIn : replaced
  }

  private var replaced: SlackPayload {
    let title = texts.title.map { SlackBlock.title($0) } ?? .header("\(message.tone.symbol) \(message.subject)")
    let text = texts.text.map { SlackText.markdown($0) } ?? .plain(message.headline, limit: SlackLimit.section)
    return SlackPayload(
      text: texts.title ?? texts.text ?? SlackText.literal(message.subject),
      blocks: [title, .section(text)] + footer)
  }

  private var builtIn: SlackPayload {
    var blocks: [SlackBlock] = [.header("\(message.tone.symbol) \(message.subject)")]
    if let percent = message.percentUsed {
      blocks.append(.section(.markdown("`\(MessageFormat.bar(percent: percent))`")))
    }
    if let lead = message.lead { blocks.append(.section(.plain(lead, limit: SlackLimit.section))) }
    let fields = message.details.filter { !$0.isForeign }
    for start in stride(from: 0, to: fields.count, by: SlackLimit.fields) {
      blocks.append(.fields(fields[start..<min(start + SlackLimit.fields, fields.count)].map(field)))
    }
    let foreign = message.details.filter(\.isForeign).map { "\($0.label): \($0.value)" }
    if !foreign.isEmpty { blocks.append(.section(.plain(foreign.joined(separator: "\n"), limit: SlackLimit.section))) }
    if !message.rows.isEmpty {
      let table = SlackTable(message.rows)
      blocks.append(.table(table.rows))
      if let rest = table.leftOut { blocks.append(.section(.plain(rest, limit: SlackLimit.section))) }
    }
    return SlackPayload(
      text: Clipped.text(
        "\(message.tone.symbol) \(message.headline)", to: SlackLimit.section, length: \.utf16.count,
        write: SlackText.literal), blocks: blocks + footer)
  }

  private var footer: [SlackBlock] {
    (message.link.map { [.button(MessageText.linkLabel, $0)] } ?? [])
      + [.context(.plain("quotawatch · \(message.id)", limit: SlackLimit.field))]
  }

  /// A label and its value, which fit into a field together.
  private func field(_ detail: EventText.Detail) -> SlackText {
    var text = "*\(detail.label)*\n"
    for piece in detail.pieces {
      let room = SlackLimit.field - text.utf16.count
      switch piece {
      case .own(let words): text += SlackText.escaped(words, limit: room)
      case .foreign(let words): text += Clipped.text(words, to: room, length: \.utf16.count, write: SlackText.literal)
      case .time(let date):
        // Shown in the reader's own time zone; the text behind the bar is for clients that cannot.
        let mark =
          "<!date^\(Int64(date.timeIntervalSince1970))^{date_short_pretty} {time}|\(date.words(in: detail.zone))>"
        if mark.utf16.count <= room { text += mark }
      }
    }
    return .markdown(text)
  }
}
