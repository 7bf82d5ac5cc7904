/// How statements look on a screen and on paper.
///
/// Blue and vermilion are told apart with every kind of colour vision (Okabe and Ito), and in grey; every text has at least
/// the contrast that WCAG 2.2 AA asks for. On a narrow screen a row of a table becomes a list, with what its column is called.
enum StatementStyle {
  static let css = """
    body { font: 10pt/1.4 system-ui, sans-serif; color: #111; background: #fff; margin: 2em auto; max-width: 76em; padding: 0 1em; }
    h1, h2, dd, th, td { overflow-wrap: anywhere; }
    h1, section > h2:first-of-type { font-size: 1.5em; margin: 0 0 .5em; }
    #overview h2 { font-size: 1.15em; margin: 1.5em 0 .3em; }
    h1 span, h2 span { font-weight: normal; color: #555; white-space: nowrap; }
    section { margin-bottom: 4em; }
    .letterhead { border-bottom: 1px solid #bbb; padding-bottom: .6em; margin: 0 0 1.2em; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .1em 1.5em; margin: 0 0 1em; }
    dt { color: #555; }
    dd { margin: 0; }
    a { color: #005a8c; }
    .top { display: flex; flex-wrap: wrap; gap: 0 4em; }
    figure { margin: 0 0 1em; }
    figcaption, small { color: #555; font-size: .85em; font-weight: normal; }
    svg { width: 340px; max-width: 100%; height: auto; font: 11px system-ui, sans-serif; }
    svg .panel { font-weight: bold; }
    svg .scale { fill: #555; }
    svg .axis { stroke: #bbb; fill: none; }
    svg polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
    svg .pages { stroke: #0072b2; }
    svg .conversions { stroke: #d55e00; stroke-dasharray: 6 3; }
    svg .dots { fill: none; stroke-width: 5; stroke-linecap: round; stroke-dasharray: none; }
    svg .quota { stroke: #555; fill: none; stroke-dasharray: 2 3; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th, td { padding: .25em .5em; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd; }
    th { font-weight: 600; }
    .n { text-align: right; white-space: nowrap; }
    .good { color: #005a8c; }
    .open { color: #555; }
    .bad { color: #a34700; font-weight: 600; }
    .noted th, .noted td { border-bottom: 0; }
    .note td { color: #333; font-size: .9em; border-bottom-color: #bbb; }
    tfoot th, tfoot td { border-top: 2px solid #111; border-bottom: 0; font-weight: 600; }
    tfoot tr + tr th, tfoot tr + tr td { border-top: 0; }
    @media screen and (max-width: 66rem) {
      table, tbody, tfoot, tr, th, td { display: block; border: 0; }
      thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      tbody tr, tfoot tr { border-top: 1px solid #999; padding: .4em 0; }
      tbody tr.note { border: 0; padding-top: 0; }
      tfoot tr { border-top: 2px solid #111; }
      th, td { padding: .1em 0; }
      tfoot tr th, tfoot tr td { border: 0; }
      td:empty, td.n.none { display: none; }
      td.n { display: flex; justify-content: space-between; gap: 1em; white-space: normal; }
      td.n::before { color: #555; font-weight: normal; }
      .entries td.n:nth-child(3)::before { content: "Vendor's quantity"; }
      .entries td.n:nth-child(4)::before { content: "Ledger's quantity"; }
      .entries td.n:nth-child(5)::before { content: "Invoiced quantity"; }
      .entries td.n:nth-child(6)::before { content: "Difference"; }
      .entries td.n:nth-child(7)::before, .entries tfoot td.n:nth-child(2)::before { content: "Expected amount"; }
      .entries td.n:nth-child(8)::before, .entries tfoot td.n:nth-child(3)::before { content: "Invoiced amount"; }
      .entries td.n:nth-child(9)::before, .entries tfoot td.n:nth-child(4)::before { content: "Difference"; }
      .entries td.n:nth-child(10)::before { content: "Difference in %"; }
      .statuses td.n:nth-child(2)::before, .organizations td.n:nth-child(4)::before,
      .organizations tfoot td.n:nth-child(2)::before { content: "Rows"; }
      .statuses td.n:nth-child(3)::before, .organizations td.n:nth-child(5)::before,
      .organizations tfoot td.n:nth-child(3)::before { content: "Expected"; }
      .statuses td.n:nth-child(4)::before, .organizations tbody td.n:nth-child(6)::before,
      .organizations tfoot td.n:nth-child(4)::before { content: "Invoiced"; }
      .statuses td.n:nth-child(5)::before, .organizations td.n:nth-child(7)::before,
      .organizations tfoot td.n:nth-child(5)::before { content: "Difference"; }
    }
    @media print {
      @page { size: A4 landscape; margin: 15mm;
        @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt system-ui, sans-serif; color: #555; } }
      body { margin: 0; max-width: none; padding: 0; font-size: 9pt; }
      section { break-after: page; margin: 0; }
      section:last-of-type { break-after: auto; }
      tr, figure, dl { break-inside: avoid; }
      tfoot { display: table-row-group; }
      .top { flex-wrap: nowrap; }
      .top svg { width: 300px; }
      .noted { break-after: avoid; }
      a { color: inherit; text-decoration: none; }
      .back { display: none; }
    }
    """
}
