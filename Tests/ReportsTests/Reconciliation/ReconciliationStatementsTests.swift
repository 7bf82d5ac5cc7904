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
    #expect(html.contains("<h2>Acme Corp <span>2026-10</span></h2>"))
    #expect(html.contains("<dt>Figures</dt><dd>Closed: the figures are frozen</dd>"))
    #expect(
      html.contains(
        """
        <tr class="noted"><th scope="row">Pages</th><td>INV-1 <small>1</small></td><td class="n">12,345</td>\
        <td class="n">12,300</td><td class="n">12,350</td><td class="n">5</td>\
        <td class="n">123.45 EUR</td><td class="n">123.50 EUR</td><td class="n">0.05 EUR</td><td class="n">0.04</td>\
        <td class="bad">▲ Over-billed<br><small>the quantities differ</small></td></tr>
        <tr class="note"><td></td><td colspan="10">5 pages more than the vendor&#39;s 12345, 0.05 EUR</td></tr>
        """))
    #expect(
      html.contains(
        """
        <tr><th scope="row" colspan="6">Total</th><td class="n">236.01 EUR</td><td class="n">212.50 EUR</td>\
        <td class="n">−13.51 EUR</td><td></td><td></td></tr>
        """))
    #expect(html.hasSuffix("</section>\n</main>\n</body>\n</html>\n"))
  }

  @Test("draws the month's use, each metric in a panel of its own")
  func chart() throws {
    let html = try reconciliationText([ExampleReconciledMonth.acme.reconciled()], .html, usage: Self.days)
    #expect(
      html.contains(
        """
        <svg viewBox="0 0 340 150" role="img" aria-label="Cumulative use up to day 31: 1,200 pages">
        <text x="8" y="16" class="panel">Pages</text>\
        <text x="332" y="16" class="scale" text-anchor="end">1,200</text>
        <path d="M8 30H332M8 128H332" class="axis"/>
        <polyline class="pages" points="8,128 18,120 164,79 332,30"/>
        <path class="pages dots" d="M18 120h0M164 79h0M332 30h0"/>
        <text x="8" y="144" class="scale">1</text><text x="332" y="144" class="scale" text-anchor="end">31</text>
        </svg>
        <svg viewBox="0 0 340 150" role="img" aria-label="Cumulative use up to day 31: 12 conversions">
        <text x="8" y="16" class="panel">Conversions</text>\
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

  @Test("draws the quota, and says how much of it was used")
  func quota() throws {
    var month = ExampleReconciledMonth.acme
    month.quota = Quota(pages: 2_400, conversions: 6)
    let html = try reconciliationText([month.reconciled()], .html, usage: Self.days)
    #expect(html.contains("<dt>Quota</dt><dd>2,400 pages, 6 conversions</dd>"))
    #expect(html.contains("up to day 31: 1,200 of 2,400 pages\""))
    #expect(
      html.contains("<path d=\"M8 30H332\" class=\"quota\"/><text x=\"10\" y=\"42\" class=\"scale\">Quota 2,400</text>")
    )
    #expect(
      html.contains("<path d=\"M8 79H332\" class=\"quota\"/><text x=\"10\" y=\"75\" class=\"scale\">Quota 6</text>"))
  }

  @Test("begins with an overview of all statements, by status and by organization, with links")
  func overview() throws {
    var globex = ExampleReconciledMonth.acme
    (globex.organization, globex.name, globex.month) = ("globex", "Globex", "2026-11")
    globex.entries = [ExampleEntry(currency: "USD", expected: "1", invoiced: "1", variance: "0")]
    let html = try reconciliationText([ExampleReconciledMonth.acme.reconciled(), globex.reconciled()], .html)
    let overview = try #require(html.firstRange(of: "<section id=\"overview\">"))
    let first = try #require(html.firstRange(of: "<section id=\"s1\">"))
    #expect(overview.lowerBound < first.lowerBound)
    let page = html[overview.lowerBound..<first.lowerBound]
    #expect(page.contains("<h1>DocuTray usage and invoices <span>2026-10 to 2026-11</span></h1>"))
    #expect(
      page.contains(
        "<th scope=\"row\" class=\"bad\">▲ Over-billed</th><td class=\"n\">1</td><td class=\"n\">123.45 EUR</td>"))
    #expect(page.contains("<th scope=\"row\">Globex</th><td><a href=\"#s2\">2026-11</a></td><td></td>"))
    #expect(
      page.contains(
        """
        <span class="bad">1 ▲ Over-billed</span><br><span class="bad">1 ○ Not invoiced</span></td><td class="n">4</td>\
        <td class="n">236.01 EUR</td><td class="n">212.50 EUR</td><td class="n">−13.51 EUR</td>
        """))
    #expect(page.contains("colspan=\"3\">Total</th><td class=\"n\">1</td><td class=\"n\">1.00 USD</td>"))
    #expect(html.contains("<section id=\"s2\">"))
  }

  @Test("has days as people write them, in the months' zone")
  func days() throws {
    var month = ExampleReconciledMonth.acme
    month.closedAt = "2026-11-04T23:30:00.000Z"
    let html = try reconciliationText([month.reconciled()], .html, zone: "Europe/Berlin")
    #expect(html.contains("<dt>Closed</dt><dd>2026-11-05</dd>"))
    #expect(html.firstMatch(of: /\d\d:\d\d:\d\d/) == nil)
  }

  @Test("has the letterhead above each page, and its picture once")
  func letterhead() throws {
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let letterhead = Letterhead(issuer: "Müller & Söhne", logo: LetterheadPicture(png))
    var bytes: [UInt8] = []
    var report = ReconciliationReport(
      format: .html, zone: .gmt, zoneName: "UTC", reconciledAt: Date(timeIntervalSince1970: 0), letterhead: letterhead
    ) { bytes += $0 }
    try report.write(try ExampleReconciledMonth.acme.reconciled())
    try report.finish()
    let html = String(decoding: bytes, as: UTF8.self)
    #expect(html.ranges(of: "<p class=\"letterhead\"><span class=\"logo\"></span>Müller &amp; Söhne</p>").count == 2)
    #expect(html.ranges(of: "url(\"data:image/png;base64,iVBORw0KGgo=\")").count == 1)
    #expect(LetterheadPicture(Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8)) != nil)
    #expect(LetterheadPicture(Array("%PDF-1.7".utf8)) == nil)
  }

  @Test("loads nothing and runs nothing")
  func selfContained() throws {
    let html = try reconciliationText([ExampleReconciledMonth.acme.reconciled()], .html, usage: Self.days)
    for word in ["http", "src=", "url(", "@import", "<script", "<link"] { #expect(!html.contains(word)) }
    #expect(html.ranges(of: "href=").count == html.ranges(of: "href=\"#").count)
  }

  @Test("is well-formed whatever texts there are, and shows them", .timeLimit(.minutes(5)))
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
            assert tag in {'html', 'head', 'meta', 'title', 'style', 'body', 'main', 'section', 'h1', 'h2', 'div', 'p', 'a',
                           'span', 'dl', 'dt', 'dd', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td', 'small', 'br'}, tag
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
