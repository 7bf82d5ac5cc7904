import FoundationEssentials
import QuotaCore

/// A charge as the cells of FOCUS. What is not known is null, never a placeholder.
struct FocusRow {
  let month: FocusMonth
  let charge: FocusCharge

  private static let vendor = "DocuTray"

  func cell(_ column: FocusColumn) -> ReportCell {
    switch column {
    case .billedCost, .effectiveCost: Self.decimal(charge.billedCost)
    // The vendor's list prices are not known to us; without them the contracted ones count.
    case .contractedCost, .listCost: Self.decimal(charge.contractedCost)
    case .contractedUnitPrice: Self.decimal(charge.pricing?.unitPrice)
    case .pricingQuantity: Self.decimal(charge.pricing?.quantity)
    case .consumedQuantity: Self.decimal(charge.consumed)
    case .pricingUnit: .text(ifAny: charge.pricing?.unit)
    case .consumedUnit: .text(ifAny: charge.metric?.plural)
    case .billingPeriodStart: Self.time(month.period.lowerBound)
    case .billingPeriodEnd: Self.time(month.period.upperBound)
    case .chargePeriodStart: Self.time(charge.period.lowerBound)
    case .chargePeriodEnd: Self.time(charge.period.upperBound)
    // The rows are what the plan says, not what an invoice says.
    case .chargeClass, .commitmentDiscountStatus, .invoiceId, .invoiceDetailId, .skuPriceDetails: .missing
    case .ownSnapshotId: .whole(month.snapshot)
    case .ownTierFirstUnit: .whole(ifAny: charge.firstUnit)
    case .ownTierLastUnit: .whole(ifAny: charge.lastUnit)
    default: .text(ifAny: text(column))
    }
  }

  private func text(_ column: FocusColumn) -> String? {
    switch column {
    case .billingAccountId: month.organization.rawValue
    case .billingAccountName: month.organizationName
    case .billingCurrency: month.currency.code
    case .chargeCategory: charge.category.focusName
    case .chargeDescription: charge.description
    case .chargeFrequency: charge.isUsageBased ? "Usage-Based" : "Recurring"
    case .pricingCategory: charge.pricing == nil ? nil : "Standard"
    case .hostProviderName, .invoiceIssuerName, .providerName, .publisherName, .serviceName, .serviceProviderName:
      Self.vendor
    case .serviceCategory: "AI and Machine Learning"
    case .serviceSubcategory: "Other (AI and Machine Learning)"
    case .skuId: charge.pricing?.skuID
    case .skuMeter: charge.pricing?.skuMeter
    case .skuPriceId: charge.pricing?.skuPriceID
    case .tags: tags
    case .ownPeriodStatus: month.periodStatus.rawValue
    case .ownPricePlanId: charge.pricePlan
    default: nil
    }
  }

  /// An object of JSON, in which a tag without a value is `true`.
  private var tags: String? {
    guard !month.tags.isEmpty else { return nil }
    var bytes: [UInt8] = []
    for tag in Set(month.tags).sorted() {
      bytes.append(bytes.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
      bytes.append(json: tag)
      bytes.append(":true")
    }
    return String(decoding: bytes, as: UTF8.self) + "}"
  }

  /// With at least one decimal, so that a reader that guesses types takes no column for whole numbers.
  private static func decimal(_ number: ExactDecimal?) -> ReportCell { .decimal(ifAny: number, minimumDecimals: 1) }

  /// In UTC, to the second.
  private static func time(_ time: Date) -> ReportCell { .text(time.iso8601.prefix(19) + "Z") }
}

extension ChargeCategory {
  fileprivate var focusName: String {
    switch self {
    case .usage: "Usage"
    case .purchase: "Purchase"
    case .tax: "Tax"
    case .credit: "Credit"
    case .adjustment: "Adjustment"
    }
  }
}
