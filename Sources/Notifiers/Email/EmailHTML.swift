import QuotaCore

/// A message laid out as a web page: tables and styles that every mail program shows.
struct EmailHTML {
  private let message: MessageText

  init(_ message: MessageText) {
    self.message = message
  }

  var page: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>\(message.subject.escapedForHTML)</title></head>
    <body style="font:14px/1.5 sans-serif;color:#24292f">
    <p style="border-left:4px solid #\(message.tone.colour);padding-left:12px;font-weight:bold">\(Unlinked.text(message.headline).escapedForHTML).</p>
    \(bar)<table style="border-collapse:collapse;margin-top:12px">
    \((message.rows.isEmpty ? details : rows).joined(separator: "\n"))
    </table>
    <p style="color:#57606a;font-size:12px">quotawatch · event \(message.id.rawValue.escapedForHTML)</p>
    </body></html>

    """
  }

  /// A plain text as a page.
  static func page(of text: String, title: String) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>\(title.escapedForHTML)</title></head>
    <body style="font:14px/1.5 sans-serif;color:#24292f;white-space:pre-wrap">\(text.escapedForHTML)</body></html>

    """
  }

  private var bar: String {
    guard let percent = message.percentUsed else { return "" }
    let filled = min(max(percent, 0), 100)
    return "<div style=\"width:240px;height:10px;background:#eaeef2\">"
      + "<div style=\"width:\(filled)%;height:10px;background:#\(message.tone.colour)\"></div></div>\n"
  }

  private var details: [String] {
    message.details.map { detail in
      "<tr><td style=\"padding:2px 16px 2px 0;color:#57606a;vertical-align:top\">\(detail.label.escapedForHTML)</td>"
        + "<td style=\"padding:2px 0\">\(detail.shown.escapedForHTML)</td></tr>"
    }
  }

  private var rows: [String] {
    let table = EventTable(message.rows)
    let head = EventTable.titles.map {
      "<th style=\"padding:2px 16px 2px 0;text-align:left\">\($0.escapedForHTML)</th>"
    }
    let body = zip(table.rows, message.rows).map { cells, event in
      let cells = cells.enumerated().map { index, cell in
        let colour = index == 1 ? ";color:#\(event.tone.colour)" : ""
        return "<td style=\"padding:2px 16px 2px 0;vertical-align:top\(colour)\">\(cell.escapedForHTML)</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    let rest = table.leftOut.map { ["<tr><td colspan=\"\(EventTable.titles.count)\">\($0.escapedForHTML)</td></tr>"] }
    return ["<tr>\(head.joined())</tr>"] + body + (rest ?? [])
  }
}
