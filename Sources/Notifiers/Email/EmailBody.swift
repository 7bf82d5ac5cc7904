import FoundationEssentials
import QuotaCore

/// An event laid out as an e-mail, as it is kept in the outbox.
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
  init(_ event: EventText, from: Mailbox) {
    subject = "[quotawatch] \(event.subject)"
    let domain = from.address.split(separator: "@").last.map(String.init) ?? "localhost"
    messageID = "\(DotAtom.encoding(event.eventID.rawValue))@\(domain)"
    text = Self.text(event)
    html = Self.html(event)
  }

  private static func text(_ event: EventText) -> String {
    let width = event.details.map { $0.label.count + 2 }.max() ?? 0
    var lines = ["\(event.headline).", ""]
    if let percent = event.percentUsed {
      lines += ["\(MessageFormat.bar(percent: percent)) \(MessageFormat.number(percent)) %", ""]
    }
    lines += event.details.map { detail in
      let label = detail.label + ":"
      return label + String(repeating: " ", count: width - label.count) + detail.value
    }
    lines += ["", "-- ", "quotawatch", "event \(event.eventID)", ""]
    return lines.joined(separator: "\n")
  }

  private static func html(_ event: EventText) -> String {
    let colour =
      switch (event.transition, event.severity) {
      case (.resolved, _): "#1a7f37"
      case (.test, _), (_, .info): "#57606a"
      case (_, .warning): "#9a6700"
      case (_, .critical): "#cf222e"
      }
    let rows = event.details.map { detail in
      "<tr><td style=\"padding:2px 16px 2px 0;color:#57606a;vertical-align:top\">\(escaped(detail.label))</td>"
        + "<td style=\"padding:2px 0\">\(escaped(detail.value))</td></tr>"
    }
    let bar = event.percentUsed.map { percent in
      let filled = min(max(percent, 0), 100)
      return "<div style=\"width:240px;height:10px;background:#eaeef2\">"
        + "<div style=\"width:\(filled)%;height:10px;background:\(colour)\"></div></div>\n"
    }
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>\(escaped(event.subject))</title></head>
      <body style="font:14px/1.5 sans-serif;color:#24292f">
      <p style="border-left:4px solid \(colour);padding-left:12px;font-weight:bold">\(escaped(event.headline)).</p>
      \(bar ?? "")<table style="border-collapse:collapse;margin-top:12px">
      \(rows.joined(separator: "\n"))
      </table>
      <p style="color:#57606a;font-size:12px">quotawatch · event \(escaped(event.eventID.rawValue))</p>
      </body></html>

      """
  }

  /// Text that means itself between HTML tags and in attributes.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
