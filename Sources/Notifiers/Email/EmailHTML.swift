import QuotaCore

/// A message laid out as a web page: tables and styles that every mail program shows, on a telephone and in the dark.
struct EmailHTML {
  private let message: MessageText

  init(_ message: MessageText) {
    self.message = message
  }

  var page: String {
    let details = self.details
    let cells = message.rows.isEmpty ? details : rows
    let table =
      cells.isEmpty
      ? ""
      : """
      <table role="presentation" style="border-collapse:collapse;margin-top:12px">
      \(cells.joined(separator: "\n"))
      </table>

      """
    return """
      <!doctype html>
      <html lang="en"><head>\(Self.head(title: message.subject))</head>
      <body style="\(Self.body)"><div style="max-width:640px">
      <p class="\(message.tone.cssClass)" style="border-left:4px solid #\(message.tone.colour);margin-top:0;padding-left:12px"><strong class="text" style="color:#24292f">\(Unlinked.text(message.headline).escapedForHTML).</strong></p>
      \(bar)\(table)\(button)<p class="muted" style="color:#57606a;font-size:12px;overflow-wrap:anywhere">quotawatch · event \(message.id.rawValue.escapedForHTML)</p>
      </div></body></html>

      """
  }

  /// A plain text as a page.
  static func page(of text: String, title: String) -> String {
    """
    <!doctype html>
    <html lang="en"><head>\(head(title: title))</head>
    <body style="\(body);white-space:pre-wrap">\(text.escapedForHTML)</body></html>

    """
  }

  private static let body = "margin:0;padding:12px;font:14px/1.5 sans-serif;background:#fff;color:#24292f"

  /// Programs that know a dark mode are told that the page does; others show what stands at the elements.
  private static func head(title: String) -> String {
    let tones = Tone.allCases.map {
      ".\($0.cssClass){color:#\($0.darkColour)!important;border-color:#\($0.darkColour)!important}"
        + ".\($0.cssClass)-bar{background:#\($0.darkColour)!important}"
    }
    return """
      <meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>\(title.escapedForHTML)</title>
      <style>:root{color-scheme:light dark;supported-color-schemes:light dark}
      @media (prefers-color-scheme:dark){body{background:#0d1117!important;color:#e6edf3!important}.text{color:#e6edf3!important}.muted{color:#9198a1!important}.track{background:#30363d!important}\(tones.joined()).rule{border-color:#30363d!important}}</style>
      """
  }

  private var bar: String {
    guard let percent = message.percentUsed else { return "" }
    let filled = min(max(percent, 0), 100)
    return "<div class=\"track\" style=\"max-width:240px;height:10px;background:#eaeef2\">"
      + "<div class=\"\(message.tone.cssClass)-bar\" style=\"width:\(filled)%;height:10px;background:#\(message.tone.colour)\"></div></div>\n"
  }

  private var button: String {
    guard let link = message.link else { return "" }
    return
      "<p style=\"margin:16px 0\"><a href=\"\(link.escapedForHTML)\" style=\"display:inline-block;padding:8px 16px;border-radius:6px;"
      + "background:#0969da;color:#fff;text-decoration:none\">\(MessageText.linkLabel)</a></p>\n"
  }

  private var details: [String] {
    message.detailsBesideHeadline.map { detail in
      "<tr><td class=\"muted\" style=\"padding:2px 16px 2px 0;color:#57606a;vertical-align:top\">\(detail.label.escapedForHTML)</td>"
        + "<td style=\"padding:2px 0;overflow-wrap:anywhere\">\(detail.shown.escapedForHTML)</td></tr>"
    }
  }

  /// An event in two lines beside its severity, so that a narrow screen has room for it.
  private var rows: [String] {
    let table = EventTable(message.rows)
    let body = zip(table.rows, message.rows).map { cells, event in
      "<tr><td class=\"\(event.tone.cssClass) rule\" style=\"\(Self.cell);padding-right:16px;white-space:nowrap;color:#\(event.tone.colour)\">"
        + "\(event.tone.symbol) \(cells[1].escapedForHTML)</td>"
        + "<td class=\"rule\" style=\"\(Self.cell);overflow-wrap:anywhere\"><strong>\(cells[2].escapedForHTML)</strong><br>\(cells[3].escapedForHTML)"
        + (event.figures == nil
          ? "" : "<br><span class=\"muted\" style=\"color:#57606a\">\(cells[4].escapedForHTML)</span>")
        + "</td></tr>"
    }
    let rest = table.leftOut.map { ["<tr><td colspan=\"2\">\($0.escapedForHTML)</td></tr>"] }
    return body + (rest ?? [])
  }

  private static let cell = "padding:6px 0;border-bottom:1px solid #eaeef2;vertical-align:top"
}

extension Tone {
  fileprivate var cssClass: String { "tone-\(self)" }
}
