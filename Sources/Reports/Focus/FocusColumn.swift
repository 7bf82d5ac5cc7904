import QuotaCore

/// The columns of FOCUS that we know anything of, by name as the specification orders them; our own ones behind them.
enum FocusColumn: Int, ReportColumn {
  case billedCost, billingAccountId, billingAccountName, billingCurrency, billingPeriodEnd, billingPeriodStart
  case chargeCategory, chargeClass, chargeDescription, chargeFrequency, chargePeriodEnd, chargePeriodStart
  case commitmentDiscountStatus, consumedQuantity, consumedUnit, contractedCost, contractedUnitPrice, effectiveCost
  case hostProviderName, invoiceDetailId, invoiceId, invoiceIssuerName, listCost
  case pricingCategory, pricingQuantity, pricingUnit, providerName, publisherName
  case serviceCategory, serviceName, serviceProviderName, serviceSubcategory
  case skuId, skuMeter, skuPriceDetails, skuPriceId, tags
  case ownPeriodStatus, ownPricePlanId, ownSnapshotId, ownTierFirstUnit, ownTierLastUnit

  /// The columns of a version.
  static func all(in version: FocusVersion) -> [FocusColumn] { allCases.filter { $0.belongs(to: version) } }

  /// 1.3 put `HostProviderName` and `ServiceProviderName` in the place of `ProviderName` and `PublisherName`; 1.4 brought
  /// `InvoiceDetailId`.
  private func belongs(to version: FocusVersion) -> Bool {
    switch self {
    // 1.2 says when `ConsumedQuantity` is null in terms of `CommitmentDiscountStatus`, and its validator looks for that.
    case .providerName, .publisherName, .commitmentDiscountStatus: version == .v1_2
    case .hostProviderName, .serviceProviderName, .invoiceDetailId: version == .v1_4
    default: true
    }
  }

  var name: String {
    switch self {
    case .billedCost: "BilledCost"
    case .billingAccountId: "BillingAccountId"
    case .billingAccountName: "BillingAccountName"
    case .billingCurrency: "BillingCurrency"
    case .billingPeriodEnd: "BillingPeriodEnd"
    case .billingPeriodStart: "BillingPeriodStart"
    case .chargeCategory: "ChargeCategory"
    case .chargeClass: "ChargeClass"
    case .chargeDescription: "ChargeDescription"
    case .chargeFrequency: "ChargeFrequency"
    case .chargePeriodEnd: "ChargePeriodEnd"
    case .chargePeriodStart: "ChargePeriodStart"
    case .commitmentDiscountStatus: "CommitmentDiscountStatus"
    case .consumedQuantity: "ConsumedQuantity"
    case .consumedUnit: "ConsumedUnit"
    case .contractedCost: "ContractedCost"
    case .contractedUnitPrice: "ContractedUnitPrice"
    case .effectiveCost: "EffectiveCost"
    case .hostProviderName: "HostProviderName"
    case .invoiceDetailId: "InvoiceDetailId"
    case .invoiceId: "InvoiceId"
    case .invoiceIssuerName: "InvoiceIssuerName"
    case .listCost: "ListCost"
    case .pricingCategory: "PricingCategory"
    case .pricingQuantity: "PricingQuantity"
    case .pricingUnit: "PricingUnit"
    case .providerName: "ProviderName"
    case .publisherName: "PublisherName"
    case .serviceCategory: "ServiceCategory"
    case .serviceName: "ServiceName"
    case .serviceProviderName: "ServiceProviderName"
    case .serviceSubcategory: "ServiceSubcategory"
    case .skuId: "SkuId"
    case .skuMeter: "SkuMeter"
    case .skuPriceDetails: "SkuPriceDetails"
    case .skuPriceId: "SkuPriceId"
    case .tags: "Tags"
    case .ownPeriodStatus: "x_PeriodStatus"
    case .ownPricePlanId: "x_PricePlanId"
    case .ownSnapshotId: "x_SnapshotId"
    case .ownTierFirstUnit: "x_TierFirstUnit"
    case .ownTierLastUnit: "x_TierLastUnit"
    }
  }
}
