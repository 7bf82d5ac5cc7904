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

  /// Stores lines as those of a file.
  @discardableResult
  private static func importing(
    _ lines: [InvoiceLine], _ totals: [StatedTotal] = [], of file: InvoiceImport = source(), in writer: any StoreWriter
  ) throws -> InvoiceImportCount {
    let importing = try writer.importing(file)
    for line in lines { #expect(try importing.take(line)) }
    for total in totals { try importing.take(total) }
    try importing.finish(replacing: false)
    return importing.count
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
      let count = try Self.importing(lines, in: writer)
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
      try Self.importing([first], in: writer)
      #expect(try Self.importing([first], of: Self.source("again.csv"), in: writer).unchanged == 1)
      #expect(try Self.importing([changed], of: Self.source("new.csv"), in: writer).changed == 1)
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
      try Self.importing(lines, in: writer)
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
      try Self.importing(lines, in: writer)
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
      try Self.importing([line], [tax, net, tax], in: writer)
      #expect(try writer.statedTotals() == [net, tax])
      try Self.importing([], [corrected], in: writer)
      #expect(try writer.statedTotals() == [corrected, tax])
    }
  }

  @Test("A line that a file has twice is told, whether an earlier file had it or not", arguments: StoreEngine.all)
  func repeated(engine: StoreEngine) async throws {
    let store = try engine.store()
    let (known, changed, new) = (try Self.line("1"), try Self.line("1", "2.00"), try Self.line("2"))
    try await store.write { writer in
      try Self.importing([known], in: writer)
      for lines in [[known, known], [known, changed], [changed, known], [new, new]] {
        let importing = try writer.importing(Self.source("twice.csv"))
        #expect(try lines.map { try importing.take($0) } == [true, false])
      }
    }
  }

  @Test("What a file does not have of its invoices is known, and can be withdrawn", arguments: StoreEngine.all)
  func missing(engine: StoreEngine) async throws {
    let store = try engine.store()
    let earlier = try ["1", "2", "3"].map { try Self.line($0) } + [Self.line("1", invoice: "INV-2")]
    let (same, changed) = (try Self.line("1"), try Self.line("2", "2.00"))
    let (gone, empty) = (try Self.line("3"), try Self.line("4", "0"))
    try await store.write { writer in
      try Self.importing(earlier, in: writer)
      let importing = try writer.importing(Self.source("second.csv"))
      for line in [same, changed] { #expect(try importing.take(line)) }
      // What no earlier file had says nothing where it comes to nothing.
      try importing.takeEmpty(empty)
      #expect(try importing.invoiceCount() == 1)
      #expect(try importing.invoicesWithMissingLines() == ["INV-1"])
      #expect(try importing.missingLines(of: "INV-1") == [gone])
      #expect(try importing.ownLines(of: "INV-1") == [same, changed])
      try importing.withdraw(gone)
      #expect(try importing.invoicesWithMissingLines() == [])
      try importing.finish(replacing: false)
      #expect(importing.count.changed == 2)
      #expect(try writer.invoice("INV-1")?.lines.map(\.line.content.isWithdrawn) == [false, false, true])
    }
  }

  @Test("A file that tells nothing new leaves no trace", arguments: StoreEngine.all)
  func nothingNew(engine: StoreEngine) async throws {
    let store = try engine.store()
    let line = try Self.line("1")
    try await store.write { writer in
      try Self.importing([line], in: writer)
      try Self.importing([line], of: Self.source("again.csv"), in: writer)
      #expect(try writer.invoiceLineVersions(of: "INV-1").map(\.source.fileName) == ["october.csv"])
    }
  }

  @Test(
    "Totals of invoices that a file has no lines of, and that contradict each other, are told",
    arguments: StoreEngine.all)
  func strangeTotals(engine: StoreEngine) async throws {
    let store = try engine.store()
    func total(_ invoice: String, _ amount: Int64) throws -> StatedTotal {
      StatedTotal(invoice: invoice, kind: .net, currency: try #require(Self.eur), amount: ExactDecimal(amount))
    }
    let line = try Self.line("1")
    let (one, two, stray) = (try total("INV-1", 1), try total("INV-1", 2), try total("INV-9", 3))
    try await store.write { writer in
      let importing = try writer.importing(Self.source())
      #expect(try importing.take(line))
      for total in [two, one, stray, one] { try importing.take(total) }
      #expect(try importing.totalsWithoutLines() == [stray])
      #expect(try importing.ambiguousTotals() == [one, two])
      #expect(try importing.totals(of: "INV-1") == [one, two])
    }
  }
}
