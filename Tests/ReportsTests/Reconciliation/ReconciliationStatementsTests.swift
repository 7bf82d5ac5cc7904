import Foundation
import QuotaCore
import Reports
import Testing

@Suite("The reconciliation as statements")
struct ReconciliationStatementsTests {
  private static let days = [
    MonthDay(day: 1, counters: Counters(pages: 100, conversions: 0)),
    MonthDay(day: 15, counters: Counters(pages: 600, conversions: 3)),
    MonthDay(day: 31, counters: Counters(pages: 1_200, conversions: 12)),
  ]

  @Test("has a section for each month with its facts, rows and sums in words")
  func statement() throws {
    let html = try reconciliationText([ExampleReconciledMonth.acme.reconciled()], .html, usage: Self.days)
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(html.contains("<title>DocuTray usage and invoices, reconciled 2026-11-05</title>"))
    #expect(html.contains("<h1>Acme Corp <span>2026-10</span></h1>"))
    #expect(html.contains("<dt>Figures</dt><dd>Closed: the figures are frozen</dd>"))
    #expect(
      html.contains(
        """
        <tr><th scope="row">Pages</th><td>INV-1 <small>1</small></td><td class="n">12,345</td>\
        <td class="n">12,300</td><td class="n">12,350</td><td class="n">5</td>\
        <td class="n">123.45 EUR</td><td class="n">123.50 EUR</td><td class="n">0.05 EUR</td><td class="n">0.04</td>\
        <td class="bad">▲ Over-billed<br><small>the quantities differ</small></td></tr>
        <tr class="note"><td></td><td colspan="10">5 pages more than the vendor&#39;s 12345, 0.05 EUR</td></tr>
        """))
    #expect(
      html.contains(
        """
        <tr><th scope="row" colspan="6">Sum</th><td class="n">236.01 EUR</td><td class="n">212.50 EUR</td>\
        <td class="n">0.05 EUR</td><td></td><td></td></tr>
        """))
    #expect(html.hasSuffix("</section>\n</body>\n</html>\n"))
  }

  @Test("draws the month's use, each metric in a panel of its own")
  func chart() throws {
    let html = try reconciliationText([ExampleReconciledMonth.acme.reconciled()], .html, usage: Self.days)
    #expect(
      html.contains(
        """
        <svg viewBox="0 0 680 150" role="img" \
        aria-label="Cumulative use up to day 31: 1,200 pages and 12 conversions">
        <g transform="translate(0 0)"><text x="8" y="16" class="panel">Pages</text>\
        <text x="332" y="16" class="scale" text-anchor="end">1,200</text>
        <path d="M8 30H332M8 128H332" class="axis"/>
        <polyline class="pages" points="8,128 18,120 164,79 332,30"/>
        <path class="pages dots" d="M18 120h0M164 79h0M332 30h0"/>
        <text x="8" y="144" class="scale">1</text><text x="332" y="144" class="scale" text-anchor="end">31</text></g>
        <g transform="translate(340 0)"><text x="8" y="16" class="panel">Conversions</text>\
        <text x="332" y="16" class="scale" text-anchor="end">12</text>
        <path d="M8 30H332M8 128H332" class="axis"/>
        <polyline class="conversions" points="8,128 18,128 164,104 332,30"/>
        <path class="conversions dots" d="M18 128h0M164 104h0M332 30h0"/>
        """))
    #expect(try !reconciliationText([ExampleReconciledMonth.acme.reconciled()], .html).contains("<svg"))
  }

  @Test("draws a month without use, with a correction and with the largest counters")
  func extremes() throws {
    let days = [
      MonthDay(day: 1, counters: Counters(pages: .max, conversions: 0)),
      MonthDay(day: 40, counters: Counters(pages: 1, conversions: -3)),
    ]
    let html = try reconciliationText([ExampleReconciledMonth.acme.reconciled()], .html, usage: days)
    #expect(html.contains("points=\"8,128 18,30 332,128\""))
    #expect(html.contains("points=\"8,128 18,128 332,128\""))
  }

  @Test("loads nothing and runs nothing")
  func selfContained() throws {
    let html = try reconciliationText([ExampleReconciledMonth.acme.reconciled()], .html, usage: Self.days)
    for word in ["http", "src=", "href", "url(", "@import", "<script", "<link"] { #expect(!html.contains(word)) }
  }

  @Test("is well-formed whatever texts there are, and shows them", .timeLimit(.minutes(1)))
  func hostile() throws {
    let texts = hostileTexts()
    let months = try texts.map { text in
      try ExampleReconciledMonth(
        name: text, pricePlan: text, entries: [ExampleEntry(lines: ["\(text)/1"], explanation: text)]
      ).reconciled()
    }
    try ReaderProgram.inFolder { folder in
      try Data(try reconciliation(months, .html)).write(to: folder.appending(path: "report.html"))
      let answer = try ReaderProgram.python.run(["-c", Self.reader], in: folder)
      #expect(answer.code == 0, "\(answer.errors)")
      let shown = try JSONDecoder().decode([String].self, from: Data(answer.output.utf8))
      #expect(shown == texts.map(Self.visible))
    }
  }

  /// What a reader sees of a text: control characters as U+FFFD.
  private static func visible(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\t": view.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": view.append("\u{FFFD}")
      default: view.append(scalar)
      }
    }
    return String(view)
  }

  /// Prints the notes, and fails if elements are not closed in their order.
  private static let reader = """
    import html.parser, json
    class Reader(html.parser.HTMLParser):
        def __init__(self):
            super().__init__(convert_charrefs=True)
            self.open, self.notes, self.inside = [], [], False
        def handle_starttag(self, tag, attributes):
            assert tag in {'html', 'head', 'meta', 'title', 'style', 'body', 'section', 'h1', 'span', 'dl', 'dt', 'dd',
                           'table', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td', 'small', 'br'}, tag
            if tag not in {'meta', 'br'}: self.open.append(tag)
            if tag == 'td' and dict(attributes).get('colspan') == '10':
                self.inside = True
                self.notes.append('')
        def handle_endtag(self, tag):
            assert self.open.pop() == tag, tag
            if tag == 'td': self.inside = False
        def handle_data(self, data):
            if self.inside: self.notes[-1] += data
    reader = Reader()
    reader.feed(open('report.html', encoding='utf-8', newline='').read())
    reader.close()
    assert not reader.open
    print(json.dumps(reader.notes))
    """
}
