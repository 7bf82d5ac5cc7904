extension PricePlan {
  /// The versions of an entry of `plans`: a list of them, or one without the list.
  ///
  /// A version with mistakes, which are reported, stands in with what could be read of it.
  package static let versions = Shape<[Version]>.either(list, or: Version.shape.map { [$0] }) { $0["versions"] != nil }
    .called("plan").named("plan", "What organizations have in common: a quota, prices, or both.")

  private static let list = Shape.object(
    Field(
      "versions", ordered, .required, "The versions in the order of time. Only the first can be without `valid_from`."
    )
    .refusing(Version.shape.declaration.fields.map(\.name)) { _ in
      "belongs into the versions, since this plan has a list of them"
    }
  )
  .named("planVersions", "A plan that has changed.")

  private static let ordered = Shape<[Version]>(
    ShapeDeclaration(
      words: "list of versions",
      .list(
        of: Version.shape.declaration, count: 1...(.max), isSet: false,
        demands: [["prefixItems": [true], "items": ["required": ["valid_from"]]]]))
  ) { node in
    guard let nodes = node.array(atLeast: 1) else { return nil }
    let versions = nodes.map { (node: $0, version: $0.decoded(as: Version.shape)) }
    checkOrder(versions)
    return versions.compactMap(\.version)
  }

  private static func checkOrder(_ versions: [(node: ConfigurationNode, version: Version?)]) {
    // What is out of order is not compared any further.
    var isOrdered = true
    for (index, (node, version)) in versions.enumerated().dropFirst() {
      guard let version else { continue }
      let earlier = versions[index - 1].version
      guard let first = version.validFrom else {
        isOrdered = false
        if node.json["valid_from"] == nil {
          node.report("\"valid_from\" is missing: only the first version can be without it")
        }
        continue
      }
      if let before = earlier?.validFrom, before >= first {
        isOrdered = false
        node.member("valid_from")?.report("\(first) is not later than the \(before) of the version before it")
      }
      // The version before it in the list may not count in that month.
      guard isOrdered, version.splitsMonth, let prices = version.prices,
        let old = versions[..<index].compactMap(\.version).stretches(of: first.month).first?.prices
      else { continue }
      if prices.currency != old.currency {
        node.member("currency")?.report(
          "a month cannot be split between \(old.currency) and \(prices.currency); begin this version with a month")
      }
      if prices.rounding != old.rounding {
        (node.member("rounding") ?? node).report(
          "a month cannot be split between two ways of rounding; begin this version with a month")
      }
      if prices.includesTax != old.includesTax {
        (node.member("tax_included") ?? node).report(
          "a month cannot be split between amounts with tax and without; begin this version with a month")
      }
    }
  }
}

extension PricePlan.Version {
  /// Whether the version begins within a month and counts from that day on.
  private var beginsWithinMonth: Bool { validFrom.map { $0.day > 1 } ?? false }

  fileprivate var splitsMonth: Bool { prorates && beginsWithinMonth }

  fileprivate static let shape = Shape.object(
    Fields(
      Field(
        "valid_from", .startingDay, .optional,
        "The first month or day for which this counts, such as 2026-11 or 2026-11-16. The version counts that is valid at a month's start."
      ).lenient,
      Field("prorate", .boolean, .usually(false), "Whether a `valid_from` within a month splits that month by days.")
        .lenient,
      Field("quota", .quota, .usually(Quota()), "What a month includes.").lenient, Prices.fields.lenient
    ) { PricePlan.Version(validFrom: $0 ?? nil, prorates: $1 ?? false, quota: $2 ?? Quota(), prices: $3 ?? nil) }
    .needing("valid_from", for: ["prorate"], else: "needs \"valid_from\", the day from which the month is split")
  )
  .named("planVersion", "Quota and prices from a month or day on.")
}

extension Prices {
  /// The prices of a version; nil without any.
  fileprivate static let fields = Fields(
    Field("currency", .currency, .optional("required with prices"), "The currency of all amounts: a code of ISO 4217."),
    Field("charges", .list(of: Charge.shape), .optional("required with prices"), "What is charged, added up."),
    Field(
      "discounts", .list(of: Discount.shape), .usually([], "none"),
      "What is taken off all charges together, one after the other."),
    Field("minimum", .amount, .optional, "What the charges come to at least, discounts taken off."),
    Field("maximum", .amount, .optional, "What they come to at most."),
    Field(
      "bill_zero_usage", .boolean, .usually(true),
      "Whether a month without usage costs the flat amount of a charge's first tier."),
    Field(
      "rounding", .choice(of: Rounding.self), .usually(.line),
      "Whether every line is rounded to the currency's minor unit, or the invoice as a whole."),
    Field("tax_percent", .exactPercentage, .optional, "The tax that is shown apart."),
    Field("tax_included", .boolean, .usually(false), "Whether all amounts of the version contain the tax.")
  ) { currency, charges, discounts, minimum, maximum, billsZeroUsage, rounding, taxPercent, includesTax -> Prices? in
    guard let currency, let charges else { return nil }
    return Prices(
      currency: currency, charges: charges, discounts: discounts, minimum: minimum, maximum: maximum,
      billsZeroUsage: billsZeroUsage, rounding: rounding, taxPercent: taxPercent, includesTax: includesTax)
  }
  .needing("currency", for: ["charges"] + further)
  .needing("charges", for: ["currency"] + further)
  .needing("tax_percent", for: ["tax_included"], else: "needs \"tax_percent\", the tax that the amounts contain")
  .checked(at: "maximum") { prices in
    guard let minimum = prices?.minimum, let maximum = prices?.maximum, maximum < minimum else { return nil }
    return "\(maximum) is below the \"minimum\" of \(minimum): no month can come to both"
  }

  /// What makes no sense without currency and charges.
  private static let further = [
    "discounts", "minimum", "maximum", "bill_zero_usage", "rounding", "tax_percent", "tax_included",
  ]
}

extension Shape<CalendarDay> {
  /// A month, for its first day, or a day.
  fileprivate static var startingDay: Shape {
    Shape(
      "month or day", pattern: "^(?:20[2-9][0-9]|2100)-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?$",
      accepts: ["2026-11", "2100-12-31"],
      refuses: ["2026", "2019-12", "2026-13", "2026-11-32", "2026-11-00", "2026-11-1"], beyond: ["2026-02-29"]
    ) { node in
      guard let text = node.string() else { return nil }
      guard let day = CalendarDay(text) ?? BillingMonth(text).map(CalendarDay.init(startOf:)) else {
        node.report(
          "expected a month such as \"2026-11\" or a day such as \"2026-11-16\", from 2020 on; found \"\(text)\"")
        return nil
      }
      return day
    }
  }
}

extension Shape<Quota> {
  /// The figures of each metric.
  package static var quota: Shape {
    Shape.object(
      Fields(
        Field(
          Metric.pages.rawValue, .count(from: 0, to: Quota.largest), .optional,
          "Pages of documents that were processed."),
        Field(
          Metric.conversions.rawValue, .count(from: 0, to: Quota.largest), .optional,
          "Successful conversions and identifications.")
      ) { Quota(pages: $0, conversions: $1) }
    )
    .named("quota", "What a month includes, per metric; a metric that is left out has no quota.")
  }
}
