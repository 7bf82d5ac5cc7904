import Foundation
import QuotaCore
import Reports
import Testing

@Suite("The FOCUS report")
struct FocusReportTests {
  private func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }

  private func month(
    name: String = "Acme, \"Corp\"", tags: [String] = ["vip", "eu"], status: PeriodStatus = .closed
  ) throws -> FocusMonth {
    let tiers = Tiers(
      [.init(upTo: 10_000, price: .init(unitPrice: try decimal("0.01"), flatAmount: try decimal("5")))],
      last: .init(unitPrice: try decimal("0.008")))
    let prices = Prices(
      currency: try #require(Currency("EUR")),
      charges: [Charge(name: "Base fee", .flat(amount: try decimal("99"))), Charge(.graduated(.pages, tiers))],
      minimum: try decimal("250"), taxPercent: try decimal("19"))
    let plan = PricePlan(
      name: "growth", versions: [.init(validFrom: CalendarDay("2026-07-01"), prices: prices)])
    let organization = Organization(id: OrganizationID("acme"), name: name, plan: "growth", pricePlan: plan, tags: tags)
    let october = try #require(BillingMonth("2026-10"))
    let calculation = try #require(plan.calculation(of: october, Counters(pages: 12_345, conversions: 1)))
    return FocusMonth(
      organization, calculation, periodStatus: status, snapshot: 7,
      in: try #require(TimeZone(identifier: "Europe/Berlin")))
  }

  private func report(_ months: [FocusMonth], _ version: FocusVersion) throws -> String {
    var bytes: [UInt8] = []
    var report = FocusReport(version: version) { bytes += $0 }
    for month in months { try report.write(month) }
    try report.finish()
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("of version 1.2 is a row for each tier, with nulls and decimals")
  func version12() throws {
    let start = "2026-09-30T22:00:00Z"
    let end = "2026-10-31T23:00:00Z"
    let head = "acme,\"Acme, \"\"Corp\"\"\",EUR,\(end),\(start)"
    let service =
      "DocuTray,DocuTray,AI and Machine Learning,DocuTray,Other (AI and Machine Learning)"
    let tail = "\"{\"\"eu\"\":true,\"\"vip\"\":true}\",closed"
    #expect(
      try report([month()], .v1_2) == """
        BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,\
        ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,ChargePeriodEnd,ChargePeriodStart,\
        CommitmentDiscountStatus,ConsumedQuantity,ConsumedUnit,ContractedCost,ContractedUnitPrice,EffectiveCost,\
        InvoiceId,InvoiceIssuerName,ListCost,PricingCategory,PricingQuantity,PricingUnit,ProviderName,PublisherName,ServiceCategory,ServiceName,\
        ServiceSubcategory,SkuId,SkuMeter,SkuPriceDetails,SkuPriceId,Tags,\
        x_PeriodStatus,x_PricePlanId,x_SnapshotId,x_TierFirstUnit,x_TierLastUnit
        99.0,\(head),Purchase,,Base fee,Recurring,\(end),\(start),,,,99.0,99.0,99.0,,DocuTray,99.0,Standard,1.0,Months,\
        \(service),Base fee,Months,,growth@2026-07-01/1,\(tail),growth@2026-07-01,7,,
        100.0,\(head),Usage,,"Pages, 1 to 10,000",Usage-Based,\(end),\(start),,10000.0,Pages,100.0,0.01,100.0,,\
        DocuTray,100.0,Standard,10000.0,Pages,\(service),pages,Pages,,growth@2026-07-01/2/1,\(tail),\
        growth@2026-07-01,7,1,10000
        5.0,\(head),Purchase,,"Pages, 1 to 10,000, flat amount",Recurring,\(end),\(start),,,,5.0,5.0,5.0,,\
        DocuTray,5.0,Standard,1.0,Months,\(service),Pages,Months,,growth@2026-07-01/2/1/flat,\(tail),\
        growth@2026-07-01,7,1,10000
        18.76,\(head),Usage,,"Pages, from 10,001",Usage-Based,\(end),\(start),,2345.0,Pages,18.76,0.008,18.76,,\
        DocuTray,18.76,Standard,2345.0,Pages,\(service),pages,Pages,,growth@2026-07-01/2/10001,\(tail),\
        growth@2026-07-01,7,10001,
        27.24,\(head),Adjustment,,Minimum,Recurring,\(end),\(start),,,,27.24,,27.24,,DocuTray,27.24,,,,\(service),,,,,\
        \(tail),growth@2026-07-01,7,,
        47.5,\(head),Tax,,"Tax, 19 %",Recurring,\(end),\(start),,,,47.5,,47.5,,DocuTray,47.5,,,,\(service),,,,,\(tail),\
        ,7,,

        """)
  }

  @Test("of version 1.4 names the service's and the host's provider instead, and has the invoice's detail")
  func version14() throws {
    let rows = try rows(report([month(name: "=Acme", tags: [])], .v1_4))
    #expect(rows.count == 6)
    for row in rows {
      #expect(row["ServiceProviderName"] == "DocuTray" && row["HostProviderName"] == "DocuTray")
      #expect(row["InvoiceDetailId"] == "" && row["ProviderName"] == nil && row["PublisherName"] == nil)
      #expect(row["BillingAccountName"] == "'=Acme" && row["Tags"] == "")
    }
  }

  @Test("orders its columns as FOCUS wants them, and names them so", arguments: FocusVersion.allCases)
  func columns(version: FocusVersion) throws {
    let header = try #require(try report([], version).split(separator: "\n").first).split(separator: ",").map(
      String.init)
    let own = header.drop { !$0.hasPrefix("x_") }
    let official = header.dropLast(own.count)
    #expect(!own.isEmpty && own.allSatisfy { $0.hasPrefix("x_") })
    #expect(official.sorted() == Array(official))
    let mandatory = """
      BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory \
      ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName \
      ListCost PricingQuantity PricingUnit ServiceCategory ServiceName
      """
    let ofVersion: [FocusVersion: String] = [
      .v1_2: "ProviderName PublisherName", .v1_4: "HostProviderName ServiceProviderName InvoiceId InvoiceDetailId",
    ]
    for name in "\(mandatory) \(ofVersion[version] ?? "")".split(separator: " ") {
      #expect(header.contains(String(name)), "\(name)")
    }
    for name in header {
      #expect(name.utf8.count <= 50)
      #expect((name.hasPrefix("x_") ? name.dropFirst(2) : name[...]).allSatisfy { $0.isASCII && $0.isLetter })
    }
  }

  @Test("keeps the rules of the specification that a row can break", arguments: FocusVersion.allCases)
  func rules(version: FocusVersion) throws {
    for row in try rows(report([month()], version)) {
      let category = row["ChargeCategory"] ?? ""
      #expect(["Usage", "Purchase", "Tax", "Credit", "Adjustment"].contains(category))
      for name in ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost"] {
        #expect(row[name]?.wholeMatch(of: /-?[0-9]+\.[0-9]+/) != nil, "\(name)")
      }
      for name in ["BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"] {
        #expect(row[name]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil, "\(name)")
      }
      let isPriced = category == "Usage" || category == "Purchase"
      for name in ["ContractedUnitPrice", "PricingQuantity", "PricingUnit", "PricingCategory", "SkuId", "SkuPriceId"] {
        #expect((row[name] != "") == isPriced, "\(name)")
      }
      for name in ["ConsumedQuantity", "ConsumedUnit"] {
        #expect((row[name] != "") == (category == "Usage"), "\(name)")
      }
      #expect(row["ChargeClass"] == "" && row["InvoiceId"] == "" && row["SkuPriceDetails"] == "")
      #expect((row["ChargeFrequency"] == "Usage-Based") == (category == "Usage"))
      if isPriced {
        let product = try decimal(row["ContractedUnitPrice"] ?? "") * decimal(row["PricingQuantity"] ?? "")
        #expect(try product == decimal(row["ContractedCost"] ?? ""))
      }
      #expect(!row.values.contains { ["null", "NULL", "n/a", "N/A", "Not Applicable", "-"].contains($0) })
    }
  }

  private func rows(_ text: String) throws -> [[String: String]] {
    var reader = CSVReader(delimiter: UInt8(ascii: ","))
    var rows: [CSVRow] = []
    try reader.read(Array(text.utf8), into: &rows)
    try reader.finish(into: &rows)
    let header = try #require(rows.first?.fields)
    return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0.fields)) }
  }
}
