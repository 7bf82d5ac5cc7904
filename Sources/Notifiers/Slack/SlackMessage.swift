import FoundationEssentials
import QuotaCore

/// An event laid out in Slack's Block Kit.
///
/// What others have written stands in `plain_text` objects only, where Slack interprets no formatting; `mrkdwn`, which
/// dates need, holds our own words.
struct SlackMessage {
  private let event: EventText

  init(_ event: EventText) {
    self.event = event
  }

  /// The JSON for the incoming webhook.
  var bytes: [UInt8] {
    get throws { try MessageJSON.bytes(payload) }
  }

  private var payload: SlackPayload {
    var blocks: [SlackBlock] = [.header("\(symbol) \(event.subject)")]
    if let percent = event.percentUsed {
      blocks.append(
        .section(.markdown("`\(MessageFormat.bar(percent: percent))` *\(MessageFormat.number(percent)) %*")))
    }
    blocks.append(.section(.plain(event.headline, limit: SlackLimit.section)))
    let fields = event.details.filter { !$0.isForeign }
    if !fields.isEmpty { blocks.append(.fields(fields.map(field))) }
    let foreign = event.details.filter(\.isForeign).map { "\($0.label): \($0.value)" }
    blocks.append(.section(.plain(foreign.joined(separator: "\n"), limit: SlackLimit.section)))
    blocks.append(.context(.plain("quotawatch · \(event.eventID)", limit: SlackLimit.field)))
    return SlackPayload(
      text: SlackText.escaped("\(symbol) \(event.headline)", limit: SlackLimit.section), blocks: blocks)
  }

  private var symbol: String {
    switch (event.transition, event.severity) {
    case (.test, _): "🧪"
    case (.resolved, _): "✅"
    case (.acknowledged, _): "👀"
    case (_, .info): "🔵"
    case (_, .warning): "🟠"
    case (_, .critical): "🔴"
    }
  }

  private func field(_ detail: EventText.Detail) -> SlackText {
    let value = detail.pieces.map { piece in
      switch piece {
      case .own(let text), .foreign(let text): SlackText.escaped(text, limit: SlackLimit.field)
      case .time(let date):
        // Shown in the reader's own time zone; the text behind the bar is for clients that cannot.
        "<!date^\(Int64(date.timeIntervalSince1970))^{date_short_pretty} {time}|\(MessageFormat.time(date))>"
      }
    }
    return .markdown("*\(detail.label)*\n\(value.joined())")
  }
}

extension EventText.Detail {
  fileprivate var isForeign: Bool {
    pieces.contains { if case .foreign = $0 { true } else { false } }
  }
}
