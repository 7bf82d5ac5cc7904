package import QuotaCore

/// What the vendor counted, our ledger counted and the invoices say of a month, row by row.
package struct ReconciliationPage: Sendable {
  /// What of the rows is asked for.
  package struct Query: Hashable, Sendable {
    fileprivate let list: ListQuery
    fileprivate let status: StatusFilter?
    fileprivate let organization: String

    /// Reads the parameters of a request.
    package init(_ parameters: [String: String]) {
      list = ListQuery(parameters)
      status = parameters["status"].flatMap(StatusFilter.init)
      organization = ForeignText.line(parameters["organization"] ?? "", limit: 100)
    }

    fileprivate var isFiltering: Bool { !list.text.isEmpty || status != nil || !organization.isEmpty }

    fileprivate func takes(_ month: ReconciledMonth, _ entry: ReconciliationEntry) -> Bool {
      (status?.takes(entry.status) ?? true) && (organization.isEmpty || organization == month.organization?.rawValue)
        && list.takes(
          [month.organizationName ?? "", month.organization?.rawValue ?? ""]
            + entry.invoiceLines.flatMap { [$0.invoice, $0.line] })
    }

    fileprivate func link(_ month: BillingMonth, page: Int) -> String {
      PageLink.to(
        "/reconciliation/\(month)",
        [
          ("q", list.text), ("status", status?.value), ("organization", organization),
          ("page", page > 1 ? "\(page)" : nil),
        ])
    }
  }

  /// A status, or all that leave something to do.
  fileprivate enum StatusFilter: Hashable, Sendable {
    case open
    case one(ReconciliationStatus)

    init?(_ text: String) {
      guard text != "open" else {
        self = .open
        return
      }
      guard let status = ReconciliationStatus(rawValue: text) else { return nil }
      self = .one(status)
    }

    var value: String {
      switch self {
      case .open: "open"
      case .one(let status): status.rawValue
      }
    }

    func takes(_ status: ReconciliationStatus) -> Bool {
      switch self {
      case .open: !ReconciliationStatus.settled.contains(status)
      case .one(let one): one == status
      }
    }
  }

  /// A file that can be had of the month: its format's name, and what that is.
  package struct Download: Sendable {
    package let format: String
    package let words: String

    package init(format: String, words: String) {
      (self.format, self.words) = (format, words)
    }
  }

  private let month: BillingMonth
  private let months: [ReconciledMonth]
  private let totals: ReconciliationTotals
  private let downloads: [Download]
  private let query: Query

  package init(
    _ month: BillingMonth, _ months: [ReconciledMonth], _ totals: ReconciliationTotals, downloads: [Download],
    query: Query
  ) {
    (self.month, self.months, self.totals) = (month, months, totals)
    (self.downloads, self.query) = (downloads, query)
  }

  package func html(_ frame: PageFrame) -> String {
    let chosen = months.flatMap { month in month.entries.filter { query.takes(month, $0) }.map { (month, $0) } }
    let paging = Paging(query.list.page(), of: chosen.count, size: Paging.size)
    let link = "/reconciliation/\(month)"
    return frame.document(
      "Reconciliation of \(DayText.month(month))", at: .reconciliation, "reconciliation",
      [
        "month": .text(DayText.month(month)), "zone": .text(frame.zoneName), "action": .text(link),
        "isCurrent": .flag(frame.month.map { month >= $0 } ?? false), "isEmpty": .flag(totals.rows == 0),
        "sums": .rows(sums), "text": .text(query.list.text), "organization": .text(query.organization),
        "hasOrganization": .flag(!query.organization.isEmpty), "isFiltering": .flag(query.isFiltering),
        "statuses": .list(options),
        "downloads": .list(
          downloads.map { ["href": .text("\(link)/\($0.format)"), "words": .text($0.words)] }),
        "noneChosen": .flag(totals.rows > 0 && chosen.isEmpty),
        "rows": .rows(chosen[paging.range].map { ReconciliationItem($0, $1).fields }),
        "paging": paging.fields("row", of: chosen.count) { query.link(month, page: $0) + "#rows" },
      ])
  }

  private var options: [PageFields] {
    [(StatusFilter.open, "Something to do")].map { option($0, $1) }
      + totals.statuses.map { option(.one($0), String($0.words.drop { $0 != " " }.dropFirst())) }
  }

  private func option(_ filter: StatusFilter, _ words: String) -> PageFields {
    ["value": .text(filter.value), "words": .text(words), "isChosen": .flag(filter == query.status)]
  }

  /// A row for each status and currency, and one for each currency's total.
  private var sums: [PageFields] {
    let byStatus = totals.statuses.flatMap { status in
      totals.currencies.compactMap { currency in
        totals.sums(in: currency, of: status).map { row(status.badge.markup, $0, currency, isTotal: false) }
      }
    }
    return byStatus
      + totals.currencies.compactMap { currency in
        totals.sums(in: currency).map { row(Markup("Total"), $0, currency, isTotal: true) }
      }
  }

  private func row(
    _ name: Markup, _ sums: ReconciliationTotals.Sums, _ currency: Currency?, isTotal: Bool
  ) -> PageFields {
    [
      "name": .markup(name),
      "currency": .text(ifAny: totals.currencies.count > 1 ? currency?.code ?? "no amounts" : nil),
      "isTotal": .flag(isTotal), "count": .text(sums.rows.grouped),
      "expected": .text(sums.expected.in(currency) ?? "–"), "invoiced": .text(sums.invoiced.in(currency) ?? "–"),
      "variance": .text(sums.variance.in(currency) ?? "–"),
    ]
  }
}

extension ReconciliationStatus {
  var badge: StateBadge {
    let accent: Accent =
      switch emphasis {
      case .good: .good
      case .open: .muted
      case .bad: .critical
      }
    let parts = words.split(separator: " ", maxSplits: 1)
    return StateBadge(accent, String(parts.first ?? ""), String(parts.last ?? ""))
  }
}

extension ExactDecimal? {
  /// `1,234.50 EUR`; nil for nothing.
  func `in`(_ currency: Currency?) -> String? {
    map { amount in currency.map { Money(amount, $0).description } ?? amount.grouped() }
  }
}
