import QuotaCore
import Testing
import UsageStore

@Suite("Storing invoices")
struct InvoiceStoreTests {
  private static let eur = Currency("EUR")

  private static func line(
    _ id: String, _ amount: String = "1.50", of organization: OrganizationID? = .acme, month: BillingMonth? = .october,
    invoice: String = "INV-1", change: (inout InvoiceLineContent) -> Void = { _ in }
  ) throws -> InvoiceLine {
    var content = InvoiceLineContent(
      organization: organization, organizationText: "cus_1", month: month, category: .usage, metric: .pages,
      quantity: ExactDecimal("123456789012345678901234567890.5"), unitPrice: ExactDecimal("0.0001"),
      amount: try #require(ExactDecimal(amount)), currency: try #require(eur), description: "Pages",
      unknownBecause: organization == nil ? "who is it" : nil)
    change(&content)
    return InvoiceLine(key: InvoiceLineKey(invoice: invoice, line: id), content: content)
  }

  private static func source(_ name: String = "october.csv") -> InvoiceImport {
    InvoiceImport(
      fileName: name, fileHash: String(repeating: "a", count: 64), mapping: "plain", importedAt: .at("05T10:00"),
      importedBy: "ops")
  }

  private static func present(_ reader: any StoreReader) throws -> [InvoiceLine] {
    try reader.invoiceLines(of: [.acme, .globex], from: .october, to: .october).values.flatMap {
      $0.values.flatMap { $0 }
    }
  }

  @Test("A line comes back as it was imported, to the last digit", arguments: StoreEngine.all)
  func roundTrip(engine: StoreEngine) async throws {
    let store = try engine.store()
    let lines = [try Self.line("1"), try Self.line("2") { $0.isProration = true }]
    try await store.write { writer in
      let count = try writer.importLines(lines, of: Self.source())
      #expect(count.added == 2)
      #expect(try Self.present(writer) == lines)
      #expect(try writer.invoice("INV-1")?.lines.map(\.source) == [Self.source(), Self.source()])
    }
  }

  @Test(
    "Importing again adds nothing; a changed line is a new version, and the old one stays", arguments: StoreEngine.all)
  func versions(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (first, changed) = (try Self.line("1"), try Self.line("1", "2.00"))
    try await store.write { writer in
      _ = try writer.importLines([first], of: Self.source())
      #expect(try writer.importLines([first], of: Self.source("again.csv")).unchanged == 1)
      #expect(try writer.importLines([changed], of: Self.source("new.csv")).changed == 1)
      #expect(try Self.present(writer) == [changed])
      let versions = try writer.invoiceLineVersions(of: "INV-1")
      #expect(versions.map(\.version) == [1, 2])
      #expect(versions.map(\.line) == [first, changed])
      #expect(versions.map(\.source.fileName) == ["october.csv", "new.csv"])
    }
  }

  @Test("Void invoices, withdrawn lines and lines of void drafts claim nothing", arguments: StoreEngine.all)
  func void(engine: StoreEngine) async throws {
    let store = try engine.store()
    let lines = [
      try Self.line("1"), try Self.line("2") { $0.isWithdrawn = true }, try Self.line("3") { $0.issueStatus = .voided },
    ]
    try await store.write { writer in
      _ = try writer.importLines(lines, of: Self.source())
      #expect(try Self.present(writer).map(\.key.line) == ["1"])
      let void = InvoiceVoid(reason: "wrong", at: .at("06T10:00"), by: "ops")
      try writer.setVoid(void, ofInvoice: "INV-1")
      #expect(try Self.present(writer) == [])
      #expect(try writer.invoice("INV-1")?.void == void)
      try writer.setVoid(nil, ofInvoice: "INV-1")
      #expect(try Self.present(writer).map(\.key.line) == ["1"])
    }
  }

  @Test("Lines of nobody and of no month are found by themselves", arguments: StoreEngine.all)
  func unassigned(engine: StoreEngine) async throws {
    let store = try engine.store()
    let lines = [try Self.line("1"), try Self.line("2", of: nil), try Self.line("3", month: nil)]
    try await store.write { writer in
      _ = try writer.importLines(lines, of: Self.source())
      #expect(try writer.unassignedInvoiceLines().map(\.key.line) == ["2", "3"])
      #expect(try writer.invoicedOrganizations(from: .october, to: .november) == [.acme])
      #expect(try writer.invoices().map { $0.lines.count } == [3])
      #expect(try writer.invoice("INV-2") == nil)
    }
  }

  @Test(
    "What an invoice says that it comes to is kept by kind and currency, the last word of each",
    arguments: StoreEngine.all)
  func totals(engine: StoreEngine) async throws {
    let store = try engine.store()
    func total(_ kind: StatedTotal.Kind, _ amount: Int64) throws -> StatedTotal {
      StatedTotal(invoice: "INV-1", kind: kind, currency: try #require(Currency("EUR")), amount: ExactDecimal(amount))
    }
    let (tax, net, corrected) = (try total(.tax, 2), try total(.net, 10), try total(.net, 11))
    let line = try Self.line("1")
    try await store.write { writer in
      _ = try writer.importLines([line], of: Self.source())
      try writer.state([tax, net])
      #expect(try writer.statedTotals() == [net, tax])
      try writer.state([corrected])
      #expect(try writer.statedTotals() == [corrected, tax])
    }
  }
}
