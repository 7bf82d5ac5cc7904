import QuotaCore
import TestSupport
import Testing

@Suite("Reconciling a month")
struct ReconcilerTests {
  private func october(_ lines: String..., change: (inout October) throws -> Void = { _ in }) throws -> October {
    var october = October(plan: try October.plan(), lines: try lines.map { try October.line($0) })
    try change(&october)
    return october
  }

  @Test("what agrees is matched, without a word")
  func matched() throws {
    let row = try october("I 1 usage pages 1000 10.00").row()
    #expect(row.status == .matched)
    #expect(row.note == "")
    #expect(row.figures.vendorUsage == 1_000)
    #expect(row.figures.amountVariance == .zero)
    #expect(try row.figures.amountTolerance == decimal("0.01"))
    #expect(row.figures.quantityTolerance == .zero)
  }

  @Test("nothing used and nothing invoiced is matched")
  func nothing() throws {
    #expect(try october { $0.used = .zero }.rows() == ["usage/pages matched"])
  }

  @Test("more than what was used is billed")
  func overBilled() throws {
    let row = try october("I 1 usage pages 1200 12.00").row()
    #expect(row.status == .overBilled)
    #expect(row.finding.reason == .quantityVariance)
    #expect(
      row.note == "the invoice has 1,200 (+200), the vendor counts 1,000 pages; 12.00 instead of 10.00 EUR (+2.00)")
    #expect(try row.figures.amountVariancePercent == decimal("20"))
  }

  @Test("less than what was used is billed, at another price")
  func underBilled() throws {
    let row = try october("I 1 usage pages 1000 8.00").row()
    #expect(row.status == .underBilled)
    #expect(row.finding.reason == .unitPriceVariance)
    #expect(row.note.hasSuffix("8.00 instead of 10.00 EUR (−2.00); on average 0.008 instead of 0.01 EUR for each"))
    #expect(try row.figures.amountVariancePercent == decimal("-20"))
  }

  @Test("a quantity that differs where the amount agrees is no match")
  func includedQuantity() throws {
    let rows = try october("I 1 usage pages 900 0.00") {
      $0.plan = try October.plan([.included(.pages, included: 5_000, unitPrice: try decimal("0.01"))])
    }.rows()
    #expect(rows == ["usage/pages under_billed quantity_variance"])
  }

  @Test(
    "an invoice may count what has a price, or packages",
    arguments: [
      (
        "I 1 usage pages 500 5.00",
        Charge.Model.included(.pages, included: 500, unitPrice: ExactDecimal(1).movingPoint(left: 2))
      ),
      ("I 1 usage pages 4 8.00", .package(.pages, size: 250, price: ExactDecimal(2), freeUnits: 0)),
    ])
  func countings(line: String, model: Charge.Model) throws {
    let row = try october(line) { $0.plan = try October.plan([model]) }.row()
    #expect(row.status == .matched)
    #expect(row.figures.quantityVariance == .zero)
  }

  @Test("lines of several tiers are added")
  func tierLines() throws {
    let rows = try october("I 1 usage pages 600 6.00", "I 2 usage pages 400 4.00").rows()
    #expect(rows == ["usage/pages matched"])
  }

  @Test("an invoice that is not there")
  func missingInvoice() throws {
    let row = try october().row()
    #expect(row.status == .missingInvoice)
    #expect(row.note == "1,000 pages cost 10.00 EUR, and no invoice has them")
    #expect(row.figures.invoicedAmount == nil)
  }

  @Test("usage that was never read")
  func missingUsage() throws {
    let row = try october("I 1 usage pages 1000 10.00") { $0.used = nil }.row()
    #expect(row.status == .missingUsage)
    #expect(row.note == "the invoice has 1,000 pages for 10.00 EUR and the month was never read")
    #expect(row.figures.expectedAmount == nil)
  }

  @Test("what is not final is pending, and says how it looks")
  func pending() throws {
    let line = "I 1 usage pages 1200 12.00"
    let early: (inout October) -> Void = {
      $0.status = .open
      $0.lastRead = "2026-11-03T23:59"
    }
    let open = try october(line, change: early).row()
    #expect(open.status == .pending)
    #expect(
      open.note.hasPrefix(
        "the month was last read on 2026-11-03 23:59 UTC, and late results come until 2026-11-04 00:00 UTC; "
          + "so far: the invoice has 1,200 (+200)"))
    #expect(try october(line) { $0.isOver = false }.row().note.hasPrefix("the month is not over; "))
    let draft = try October.line(line) { $0.issueStatus = .open }
    #expect(try october { $0.lines = [draft] }.row().note.hasPrefix("the invoice is not issued yet; "))
    #expect(try october("I 1 usage pages 1000 10.00", change: early).rows() == ["usage/pages pending"])
    // Read once when the time for late results was over: not settled, and still the last word.
    #expect(try october("I 1 usage pages 1000 10.00") { $0.status = .open }.rows() == ["usage/pages matched"])
    #expect(try october { $0.isOver = false }.rows() == ["usage/pages pending"])
  }

  @Test("without a price amounts are not comparable")
  func withoutPrice() throws {
    let unpriced = try october("I 1 usage pages 1000 10.00") { $0.plan = nil }.row()
    #expect(unpriced.status == .notComparable)
    #expect(
      unpriced.note.hasPrefix("no price is agreed for this month; the invoice has 1,000, the vendor counts 1,000"))
  }

  @Test("rounding line by line is within a minor unit")
  func rounding() throws {
    let row = try october("I 1 usage pages 1000 10.01").row()
    #expect(row.status == .matchedWithinTolerance)
    #expect(row.finding.reason == .rounding)
    let strict = try october("I 1 usage pages 1000 10.01") {
      $0.tolerances = Tolerances(amount: Tolerance(absolute: .zero))
    }
    #expect(try strict.rows() == ["usage/pages over_billed rounding"])
  }

  @Test("not more than the executions that straddle the month's turn is their timing")
  func cutoff() throws {
    var ledger = LedgerCount()
    ledger.succeeded = 1_000
    ledger.pages = 1_000
    ledger.straddlingStart = 3
    ledger.straddlingEnd = 2
    func pages(_ line: String) throws -> ReconciliationEntry {
      let entries = try october(line) { $0.ledger = ledger }.reconciled().entries
      return try #require(entries.first { $0.name == "usage/pages" })
    }
    let row = try pages("I 1 usage pages 1005 10.05")
    #expect(row.finding.reason == .cutoffTiming)
    #expect(row.status == .overBilled)
    #expect(row.figures.ledger == 1_000)
    #expect(row.note.contains("our ledger has 5 executions"))
    #expect(try pages("I 1 usage pages 1006 10.06").finding.reason == .quantityVariance)
  }

  @Test("an invoice with what was counted by the month's end lacks what came late")
  func lateUsage() throws {
    let row = try october("I 1 usage pages 990 9.90") { $0.atEnd = pages(990) }.row()
    #expect(row.status == .underBilled)
    #expect(row.finding.reason == .lateUsage)
    #expect(row.note.hasSuffix("10 pages were counted after the month's end"))
    let less = try october("I 1 usage pages 980 9.80") { $0.atEnd = pages(990) }.row()
    #expect(less.finding.reason == .quantityVariance)
  }

  @Test("when something was counted is said no more exactly than readings tell")
  func lateUsageBetweenReadings() throws {
    let row = try october("I 1 usage pages 990 9.90") {
      $0.atEnd = pages(990)
      $0.lastReadAtEnd = "2026-10-31T22:00"
    }.row()
    #expect(row.finding.reason == .lateUsage)
    #expect(
      row.note.hasSuffix(
        "10 pages were counted since the reading of 2026-10-31 22:00 UTC, the last before the month's end"))
  }

  /// The plan with versions that charge so much for a page, each from a day on.
  private func plan(_ name: String, _ versions: (from: String?, price: String)...) throws -> PricePlan {
    PricePlan(
      name: name,
      versions: try versions.map { version in
        PricePlan.Version(
          validFrom: try version.from.map { try #require(CalendarDay($0)) },
          prices: try October.plan([.unit(.pages, unitPrice: try decimal(version.price))]).versions.first?.prices)
      })
  }

  @Test("a closed month is held against the plan that it was closed with, whatever the organization has since")
  func closedPlan() throws {
    let other = try plan("other", (nil, "0.05"))
    let same = try october("I 1 usage pages 1000 10.00") {
      $0.isClosed = true
      $0.plansSince = [other, try October.plan()]
    }.reconciled()
    #expect(same.entries.map(\.status) == [.matched])
    #expect(same.pricePlan == "example")

    let gone = try october("I 1 usage pages 1000 10.00", "I 2 purchase - - 5.00", "I 3 tax - - 1.90") {
      $0.isClosed = true
      $0.plansSince = [other]
    }.reconciled()
    let words = "the month was closed with the plan example, which is not in the configuration any more"
    #expect(gone.entries.allSatisfy { $0.status == .notComparable })
    #expect(
      gone.entries.map(\.note) == [
        "\(words); the invoice has 1,000, the vendor counts 1,000 pages", words,
        "\(words); the invoice has a tax of 1.90 EUR",
      ])
    #expect(gone.pricePlan == "example")
    // Its fees are gone with it, also where nothing was used or invoiced.
    let silent = try october {
      $0.used = .zero
      $0.isClosed = true
      $0.plansSince = [other]
    }.reconciled()
    #expect(silent.entries.last?.category == .purchase && silent.entries.last?.note == words)
    #expect(silent.entries.allSatisfy { $0.status == .notComparable })
  }

  @Test("a version that splits a closed month by now, and cannot be added to it, is none that it was closed with")
  func closedSplit() throws {
    let prices = try October.plan().versions.first?.prices
    func since(_ first: Prices?) -> PricePlan {
      PricePlan(
        name: "example",
        versions: [
          .init(prices: prices), .init(validFrom: CalendarDay(startOf: October.month), prices: first),
          .init(validFrom: CalendarDay(October.month, day: 16), prorates: true, prices: first),
        ])
    }
    let added = try october("I 1 usage pages 1000 10.00") {
      $0.isClosed = true
      $0.plansSince = [since(prices)]
    }
    #expect(try added.row().status == .matched)
    let dollar = try #require(Currency("USD"))
    let dollars = prices.map {
      Prices(
        currency: dollar, charges: $0.charges, discounts: $0.discounts, minimum: $0.minimum, maximum: $0.maximum,
        billsZeroUsage: $0.billsZeroUsage, rounding: $0.rounding, taxPercent: $0.taxPercent, includesTax: $0.includesTax
      )
    }
    let mixed = try october("I 1 usage pages 1000 10.00") {
      $0.isClosed = true
      $0.plansSince = [since(dollars)]
    }
    #expect(try mixed.reconciled().entries.map(\.status) == [.notComparable, .notComparable])
  }

  @Test("a closed month is held against the version that it was closed with, whichever begins the month since")
  func closedVersion() throws {
    let versions = try plan("example", (nil, "0.02"), ("2026-05-01", "0.01"), ("2026-09-01", "0.03"))
    for (version, status) in [("2026-05-01", ReconciliationStatus.matched), (nil, .underBilled)] {
      let month = try october("I 1 usage pages 1000 10.00") {
        $0.isClosed = true
        $0.closedVersion = version
        $0.plansSince = [versions]
      }.reconciled()
      #expect(month.entries.map(\.status) == [status])
      #expect(month.pricePlan == (version.map { "example@\($0)" } ?? "example"))
    }
    let begun = PricePlan(
      name: "example",
      versions: [
        .init(
          validFrom: CalendarDay(October.month, day: 16), prorates: true,
          prices: try October.plan().versions.first?.prices)
      ])
    let (open, closed) = (October(plan: begun), October(plan: begun, isClosed: true))
    #expect(try closed.row().figures == open.row().figures)
    #expect(try closed.row().figures.expectedAmount == decimal("10"))
    for (version, words) in [("2026-06-01", "version 2026-06-01"), (nil, "first version")] {
      let row = try october("I 1 usage pages 1000 10.00") {
        $0.isClosed = true
        $0.closedVersion = version
        $0.plansSince = [try plan("example", ("2026-05-01", "0.01"))]
      }.reconciled().entries.first
      #expect(
        row?.note.hasPrefix(
          "the month was closed with the \(words) of the plan example, which is not in the configuration any more")
          == true)
    }
  }

  @Test("an invoice with what the vendor says since the closing")
  func correction() throws {
    let month = try october("I 1 usage pages 950 9.50") {
      $0.isClosed = true
      $0.since = pages(950)
    }
    let row = try month.row()
    #expect(row.status == .underBilled)
    #expect(row.finding.reason == .correctionAfterClose)
    #expect(row.note.hasSuffix("the vendor says 950 pages since the month was closed"))
    let reconciled = try month.reconciled()
    #expect(reconciled.snapshot == 1)
    #expect(reconciled.periodStatus == .closed)
    #expect(reconciled.closedAt == moment("2026-11-05T08:00"))
  }

  @Test("the same line twice")
  func duplicate() throws {
    let row = try october("I 1 usage pages 1000 10.00", "J 1 usage pages 1000 10.00").row()
    #expect(row.status == .overBilled)
    #expect(row.finding.reason == .duplicateLine)
    #expect(row.note.hasSuffix("the invoice has this twice: line 1 of J"))
    let fees = try october("I 1 purchase - - 99.00", "I 2 purchase - - 99.00") {
      $0.used = .zero
      $0.plan = try October.plan([.flat(amount: ExactDecimal(99))])
    }
    #expect(try fees.rows() == ["purchase over_billed duplicate_line"])
  }

  @Test("lines that claim nothing repeat nothing")
  func duplicateOfNothing() throws {
    let row = try october("I 1 usage pages 1000 10.01", "I 2 usage pages - 0.00", "I 3 usage pages - 0.00").row()
    #expect(row.status == .matchedWithinTolerance)
    #expect(row.finding.reason == .rounding)
  }

  @Test("fees are compared together, and a part of a month is recognised")
  func fees() throws {
    func fees(_ lines: String...) throws -> [String] {
      try October(
        plan: try October.plan([.flat(amount: ExactDecimal(93))]), used: .zero,
        lines: lines.map { try October.line($0) }
      ).rows()
    }
    #expect(try fees("I 1 purchase - - 93.00") == ["purchase matched"])
    #expect(try fees("I 1 purchase - - 48.00") == ["purchase under_billed proration"])
    #expect(try fees("I 1 purchase - - 50.50") == ["purchase under_billed unit_price_variance"])
    #expect(try fees() == ["purchase missing_invoice"])
  }

  @Test("a fee that is rounded up is no part of itself")
  func roundedFee() throws {
    let fee = try October.line("I 1 purchase - - 13") { $0.currency = Currency("JPY") ?? $0.currency }
    let plan = try PricePlan.example(
      [.flat(amount: try decimal("12.948"))], currency: "JPY", rounding: .invoice)
    #expect(
      try October(plan: plan, used: .zero, lines: [fee]).rows() == ["purchase matched_within_tolerance rounding"])
  }

  @Test("fees may have the tax on them, as usage may")
  func taxedFees() throws {
    let plan = try October.plan([.flat(amount: ExactDecimal(93))], tax: "19")
    let month = October(plan: plan, used: .zero, lines: [try October.line("I 1 purchase - - 110.67")])
    #expect(try month.rows() == ["purchase over_billed tax", "tax under_billed tax"])
    #expect(try month.reconciled().entries[0].note.hasSuffix("; that is the amount with tax"))
  }

  @Test("a month that was never read owes its fees, and not a minimum that depends on usage")
  func unreadFees() throws {
    let rows = try october("I 1 purchase - - 93.00") {
      $0.used = nil
      $0.plan = try October.plan(
        [.flat(amount: ExactDecimal(93)), .unit(.pages, unitPrice: try decimal("0.01"))], minimum: "200")
    }.rows()
    #expect(rows == ["usage/pages missing_usage", "purchase matched"])
  }

  @Test("a line for a part of the month")
  func proration() throws {
    let line = try October.line("I 1 usage pages 500 5.00") { $0.isProration = true }
    #expect(try october { $0.lines = [line] }.rows() == ["usage/pages under_billed proration"])
  }

  @Test("tax is compared by itself")
  func tax() throws {
    func tax(_ lines: String..., percent: String? = "19") throws -> [String] {
      try October(plan: try October.plan(tax: percent), lines: lines.map { try October.line($0) }).rows()
    }
    let usage = "I 1 usage pages 1000 10.00"
    #expect(try tax(usage, "I 2 tax - - 1.90") == ["usage/pages matched", "tax matched"])
    #expect(try tax(usage, "I 2 tax - - 2.10") == ["usage/pages matched", "tax over_billed tax"])
    #expect(try tax(usage) == ["usage/pages matched", "tax under_billed tax"])
    let untaxed = try October(plan: try October.plan(tax: "19"), lines: [try October.line(usage)]).reconciled()
    let variances = try ["0", "-1.90"].map(decimal)
    #expect(untaxed.entries.map(\.figures.amountVariance) == variances)
    #expect(try tax() == ["usage/pages missing_invoice", "tax missing_invoice tax"])
    #expect(try tax(usage, "I 2 tax - - 1.90", percent: nil) == ["usage/pages matched", "tax not_comparable tax"])
    #expect(try tax("I 1 usage pages 1000 11.90") == ["usage/pages over_billed tax", "tax under_billed tax"])
  }

  @Test("credits and adjustments stand alone, and a correction of a quantity with what it corrects")
  func credits() throws {
    let usage = "I 1 usage pages 1000 10.00"
    let credit = try october(usage, "I 2 credit - - -5.00")
    #expect(try credit.rows() == ["usage/pages matched", "credit/I/2 under_billed credit"])
    #expect(
      try credit.reconciled().entries[1].note == "credit of −5.00 EUR on I, which the plan does not speak of")
    #expect(
      try october(usage, "I 3 adjustment - - 2.00").rows()
        == ["usage/pages matched", "adjustment/I/3 over_billed unit_price_variance"])
    #expect(
      try october("I 1 usage pages 1100 11.00", "I 3 adjustment pages -100 -1.00").rows() == ["usage/pages matched"])
  }

  @Test("a line that is not understood keeps its invoice from being matched")
  func unknown() throws {
    let unknown = try October.line("I 9 usage - - 3.00") { $0.unknownBecause = "no metric" }
    let usage = try October.line("I 1 usage pages 1000 10.00")
    let month = try october { $0.lines = [usage, unknown] }
    #expect(try month.rows() == ["usage/pages not_comparable unknown_line", "line/I/9 not_comparable unknown_line"])
    #expect(
      try month.reconciled().entries[0].note
        == "the figures agree, but this invoice has what is not understood: line 9 of I")
    let other = try October.line("J 9 usage - - 3.00") { $0.unknownBecause = "no metric" }
    #expect(try october { $0.lines = [usage, other] }.rows()[0] == "usage/pages matched")
    #expect(
      try october {
        $0.lines = [usage]
        $0.strays = [unknown]
      }.rows() == ["usage/pages not_comparable unknown_line"])
    let wrong = try October.line("I 1 usage pages 1200 12.00")
    #expect(try october { $0.lines = [wrong, unknown] }.rows()[0] == "usage/pages over_billed quantity_variance")
  }

  @Test("pages that our own count does not know are not compared")
  func ledgerWithoutPages() throws {
    var ledger = LedgerCount()
    ledger.succeeded = 40
    ledger.pages = 10
    ledger.withoutPages = 1
    let rows = try october("I 1 usage pages 1000 10.00") { $0.ledger = ledger }.reconciled().entries
    #expect(rows.map(\.figures.ledger) == [40, nil])
    #expect(rows.map(\.name) == ["usage/conversions", "usage/pages"])
  }

  @Test("a minimum is a fee, and the sum of the rows is the expected amount", arguments: [0, 1, 7, 999, 12_345])
  func sums(used: Int64) throws {
    let plan = try October.plan(
      [
        .flat(amount: try decimal("4.99")), .unit(.pages, unitPrice: try decimal("0.0123")),
        .unit(.conversions, unitPrice: try decimal("0.005")),
      ], minimum: "50")
    let month = October(plan: plan, used: Counters(pages: used, conversions: used))
    let calculation = try #require(
      plan.calculation(of: October.month, Counters(pages: used, conversions: used)))
    let expected = try month.reconciled().entries.compactMap(\.figures.expectedAmount).sum()
    #expect(expected == calculation.subtotal)
  }
}
