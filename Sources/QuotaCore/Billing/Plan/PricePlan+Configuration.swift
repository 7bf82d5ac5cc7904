extension PricePlan {
  /// Decodes one entry of `plans`: a list of `versions`, or one version without the list.
  ///
  /// A plan with mistakes, which are reported, stands in with what could be read of it.
  package init(name: String, from node: ConfigurationNode) {
    self.init(name: name, versions: Self.versions(from: node) ?? [])
  }

  private static func versions(from node: ConfigurationNode) -> [Version]? {
    guard node.json["versions"] != nil else { return Version(from: node).map { [$0] } }
    return node.object { object -> [Version]? in
      let list = object.optional("versions")?.array(atLeast: 1) ?? []
      for key in Version.keys {
        object.optional(key)?.report("belongs into the versions, since this plan has a list of them")
      }
      let versions = list.map { ($0, Version(from: $0)) }
      checkOrder(versions)
      return versions.compactMap(\.1)
    }
  }

  private static func checkOrder(_ versions: [(node: ConfigurationNode, version: Version?)]) {
    for ((_, earlier), (node, version)) in zip(versions, versions.dropFirst()) {
      guard let version else { continue }
      guard let first = version.validFrom else {
        if node.json["valid_from"] == nil {
          node.report("\"valid_from\" is missing: only the first version can be without it")
        }
        continue
      }
      if let before = earlier?.validFrom, before >= first {
        node.member("valid_from")?.report("\(first) is not later than the \(before) of the version before it")
      }
      guard version.splitsMonth, let prices = version.prices, let old = earlier?.prices else { continue }
      if prices.currency != old.currency {
        node.member("currency")?.report(
          "a month cannot be split between \(old.currency) and \(prices.currency); begin this version with a month")
      }
      if prices.rounding != old.rounding {
        (node.member("rounding") ?? node).report(
          "a month cannot be split between two ways of rounding; begin this version with a month")
      }
    }
  }
}

extension PricePlan.Version {
  /// Whether the version begins within a month and counts from that day on.
  private var beginsWithinMonth: Bool { validFrom.map { $0.day > 1 } ?? false }

  fileprivate var splitsMonth: Bool { prorates && beginsWithinMonth }

  fileprivate static let keys = [
    "valid_from", "prorate", "quota", "currency", "charges", "minimum", "bill_zero_usage", "rounding", "tax_percent",
  ]

  /// Decodes one version; nil if it is no object.
  fileprivate init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> Self? in
      let validFrom = object.optional("valid_from").flatMap { $0.startingDay() }
      let prorate = object.optional("prorate")
      let prorates = prorate.flatMap { $0.boolean() } ?? false
      if let prorate, object.optional("valid_from") == nil {
        prorate.report("needs \"valid_from\", the day from which the month is split")
      }
      return Self(
        validFrom: validFrom, prorates: prorates, quota: object.optional("quota")?.quota() ?? Quota(),
        prices: Prices(from: &object))
    }
    guard let decoded else { return nil }
    self = decoded
  }
}

extension Prices {
  /// Decodes the prices of a version; nil without any, or after what is wrong was reported.
  fileprivate init?(from object: inout ConfigurationObject) {
    let keys = ["currency", "charges", "minimum", "bill_zero_usage", "rounding", "tax_percent"]
    guard keys.contains(where: { object.optional($0) != nil }) else { return nil }
    let currency = object.required("currency")?.currency()
    let charges = object.required("charges")?.array()?.map { Charge(from: $0) }
    let minimum = object.optional("minimum").map { $0.amount() }
    let billsZeroUsage = object.optional("bill_zero_usage").map { $0.boolean() } ?? true
    let rounding = object.optional("rounding").map { $0.choice(of: Rounding.self) } ?? .line
    let taxPercent = object.optional("tax_percent").map { $0.exactPercentage() }
    guard let currency, let charges, let billsZeroUsage, let rounding else { return nil }
    self.init(
      currency: currency, charges: charges.compactMap(\.self), minimum: minimum ?? nil, billsZeroUsage: billsZeroUsage,
      rounding: rounding, taxPercent: taxPercent ?? nil)
  }
}

extension ConfigurationNode {
  /// A month, for its first day, or a day.
  fileprivate func startingDay() -> CalendarDay? {
    guard let text = string() else { return nil }
    guard let day = CalendarDay(text) ?? BillingMonth(text).map(CalendarDay.init(startOf:)) else {
      report("expected a month such as \"2026-11\" or a day such as \"2026-11-16\", from 2020 on; found \"\(text)\"")
      return nil
    }
    return day
  }

  /// The figures of each metric: whole numbers from 0.
  package func quota() -> Quota? {
    object { object in
      var quota = Quota()
      for metric in Metric.allCases {
        quota[metric] = object.optional(metric.rawValue)?.integer(in: 0...ThresholdRule.maximumCount)
      }
      return quota
    }
  }
}
