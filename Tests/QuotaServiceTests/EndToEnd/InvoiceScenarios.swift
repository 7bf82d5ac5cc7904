import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Importing invoices")
struct InvoiceScenarios {
  private static let header = "invoice_id,line_id,organization_id,period,category,metric,quantity,amount,currency\n"

  private static func options(
    _ text: String, in installation: Installation, name: String = "october.csv"
  ) throws -> ImportInvoices.Options {
    let file = installation.folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return ImportInvoices.Options(path: file.path, by: "accountant")
  }

  private static func failure(_ body: () async throws -> Void) async -> ServiceError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? ServiceError
    }
  }

  @Test("stores all of a file or nothing")
  func allOrNothing() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let wrong = try Self.options(
        Self.header + "I,1,acme,2026-10,usage,pages,5,1.50,EUR\nI,2,acme,2026-10,usage,pages,5,oops,EUR\n",
        in: installation)
      let error = await Self.failure { _ = try await service.importInvoices(wrong) }
      #expect(error?.status == .badData)
      #expect(error?.lines.first?.hasPrefix("october.csv: line 3: amount \"oops\"") == true)
      #expect(try await service.invoices().isEmpty)
    }
  }

  @Test("shows in a dry run what would happen, and stores nothing")
  func dryRun() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let text = Self.header + "I,1,acme,2026-10,usage,pages,5,1.50,EUR\nI,2,nobody,2026-10,usage,pages,5,1.50,EUR\n"
      var options = try Self.options(text, in: installation)
      options.dryRun = true
      let report = try await service.importInvoices(options)
      #expect(report.count.added == 2)
      #expect(report.unknown.map(\.key.line) == ["2"])
      #expect(!FileManager.default.fileExists(atPath: installation.databasePath))
      options.dryRun = false
      #expect(try await service.importInvoices(options).count.added == 2)
      options.dryRun = true
      #expect(try await service.importInvoices(options).count.unchanged == 2)
    }
  }

  @Test("refuses lines without ids beside those of another file, unless they are to be replaced")
  func withoutIDs() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let header = "invoice_id,organization_id,period,category,amount,currency\n"
      let first = try Self.options(header + "I,acme,2026-10,credit,-1,EUR\n", in: installation, name: "first.csv")
      _ = try await service.importInvoices(first)
      #expect(try await service.importInvoices(first).count.unchanged == 1)
      var second = try Self.options(header + "I,acme,2026-10,credit,-2,EUR\n", in: installation, name: "second.csv")
      let error = await Self.failure { [second] in _ = try await service.importInvoices(second) }
      #expect(error?.status == .badData)
      #expect(error?.lines.first?.contains("would count twice") == true)
      second.replaces = true
      let report = try await service.importInvoices(second)
      #expect(report.withdrawn == 1)
      let present = try await service.invoice("I").invoice.lines.filter { !$0.line.content.isWithdrawn }
      #expect(present.map(\.line.content.amount.description) == ["-2"])
    }
  }

  @Test("voids an invoice with a reason, once")
  func void() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      _ = try await service.importInvoices(
        Self.options(Self.header + "INV-1,1,acme,2026-10,usage,pages,5,1.50,EUR\n", in: installation))
      let unknown = await Self.failure { try await service.setVoid("INV-2", reason: "x", by: "ops") }
      #expect(unknown?.lines.first?.contains("did you mean \"INV-1\"") == true)
      try await service.setVoid("INV-1", reason: "wrong", by: "ops")
      let again = await Self.failure { try await service.setVoid("INV-1", reason: "wrong", by: "ops") }
      #expect(again?.status == .usage)
      #expect(try await service.invoice("INV-1").invoice.void?.reason == "wrong")
      try await service.setVoid("INV-1", reason: nil, by: "ops")
      #expect(try await service.invoice("INV-1").invoice.void == nil)
    }
  }

  @Test("says what is wrong with a mapping, at its place")
  func mapping() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      var options = try Self.options(Self.header, in: installation)
      let file = installation.folder.appending(path: "mapping.json")
      try Data(#"{ "extends": "plain", "decimals": "," }"#.utf8).write(to: file)
      options.mapping = file.path
      let error = await Self.failure { [options] in _ = try await service.importInvoices(options) }
      #expect(error?.status == .configuration)
      #expect(
        error?.lines.first?.hasSuffix(#"mapping.json:1:23: decimals: unknown key "decimals"; did you mean "decimal"?"#)
          == true)
      options.mapping = "strip"
      let unknown = await Self.failure { [options] in _ = try await service.importInvoices(options) }
      #expect(unknown?.lines.first?.contains("did you mean \"stripe\"") == true)
    }
  }

  /// The lines that claim something, as `1 9`.
  private static func claims(_ service: Setup, _ invoice: String = "I") async throws -> [String] {
    try await service.invoice(invoice).invoice.lines.map(\.line)
      .filter { !$0.content.isWithdrawn && $0.content.issueStatus != .voided }
      .map { "\($0.key.line) \($0.content.amount)" }
  }

  /// Imports texts one after the other; the last one's report.
  private static func imported(
    _ texts: [String], _ installation: Installation, _ service: Setup, mapping: String? = nil
  ) async throws -> ImportInvoices.Report? {
    var report: ImportInvoices.Report?
    for text in texts {
      var options = try options(text, in: installation)
      if let mapping {
        let file = installation.folder.appending(path: "mapping.json")
        try Data(mapping.utf8).write(to: file)
        options.mapping = file.path
      }
      report = try await service.importInvoices(options)
    }
    return report
  }

  private static let short = "invoice_id,line_id,organization_id,period,category,amount,currency"

  @Test("A total withdraws only what it is of: no tax by what comes before it, nothing in another currency")
  func partialTotals() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let net = "\(Self.short),invoice_net\nI,1,acme,2026-10,purchase,9.00,EUR,9.00\n"
      let tax = "\(Self.short)\nI,2,acme,2026-10,tax,1.71,EUR\n"
      let report = try await Self.imported([net, tax, net], installation, service)
      #expect(report?.withdrawn == 0)
      #expect(report?.missing.map(\.key.line) == ["2"])
      #expect(try await Self.claims(service) == ["1 9", "2 1.71"])
      let dollars = "\(Self.short),invoice_total\nI,3,acme,2026-10,purchase,5.00,USD,5.00\n"
      _ = try await Self.imported([dollars], installation, service)
      #expect(try await Self.claims(service) == ["1 9", "2 1.71", "3 5"])
      let corrected = "\(Self.short),invoice_net\nI,4,acme,2026-10,purchase,8.00,EUR,8.00\n"
      #expect(try await Self.imported([corrected], installation, service)?.withdrawn == 1)
      #expect(try await Self.claims(service) == ["2 1.71", "3 5", "4 8"])
    }
  }

  private static let totalRow =
    #"{ "extends": "plain", "skip": [{ "column": "line_id", "values": ["Total"], "total": true }] }"#

  @Test("A row of totals is the sum of its column with the tax in it, and without an invoice the file's alone")
  func totalRows() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let first = "\(Self.short)\nI,1,acme,2026-09,purchase,9.00,EUR\nI,2,acme,2026-09,tax,1.71,EUR\n,Total,,,,10.71,\n"
      let second = "\(Self.short)\nI,3,acme,2026-10,purchase,8.00,EUR\n,Total,,,,8.00,\n"
      let report = try await Self.imported([first, second], installation, service, mapping: Self.totalRow)
      #expect(report?.warnings == [])
      #expect(report?.withdrawn == 0)
      #expect(try await Self.claims(service) == ["1 9", "2 1.71", "3 8"])
      #expect(try await service.invoice("I").totals == [])
      let named =
        "\(Self.short)\nJ,1,acme,2026-09,purchase,9.00,EUR\nJ,2,acme,2026-09,tax,1.71,EUR\nJ,Total,,,,10.71,\n"
      _ = try await Self.imported([named], installation, service, mapping: Self.totalRow)
      #expect(try await service.invoice("J").totals.map { "\($0.kind) \($0.amount)" } == ["total 10.71"])
      let wrong = "\(Self.short)\nK,1,acme,2026-09,purchase,9.00,EUR\n,Total,,,,10.00,\n"
      #expect(
        try await Self.imported([wrong], installation, service, mapping: Self.totalRow)?.warnings == [
          "the file states a total of 10.00 EUR, and its lines come to 9.00 EUR"
        ])
    }
  }

  @Test("Lines with ids do not count beside the same ones that had none")
  func idsComeLater() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let rows = "acme,2026-10,purchase,9.00,EUR\n"
      _ = try await Self.imported(
        ["invoice_id,organization_id,period,category,amount,currency\nI,\(rows)"], installation, service)
      let error = await Self.failure {
        _ = try await Self.imported(["\(Self.short)\nI,1,\(rows)"], installation, service)
      }
      #expect(error?.status == .badData)
      #expect(error?.lines.first?.contains("they would count twice") == true)
      #expect(try await Self.claims(service).count == 1)
    }
  }

  @Test("An id is one invoice, whether its accents are composed or not")
  func composition() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let rows = "R\u{E9}-1,1,acme,2026-10,purchase,9.00,EUR\nRe\u{301}-1,2,acme,2026-10,purchase,8.00,EUR\n"
      _ = try await Self.imported(["\(Self.short)\n\(rows)"], installation, service)
      #expect(try await Self.claims(service, "Re\u{301}-1") == ["1 9", "2 8"])
      #expect(try await service.invoices().map(\.lines.count) == [2])
      try await service.setVoid("Re\u{301}-1", reason: "wrong", by: "ops")
      #expect(try await service.invoice("R\u{E9}-1").invoice.void != nil)
    }
  }

  @Test("What replaces an invoice replaces what it said that it comes to")
  func replacedTotal() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      _ = try await Self.imported(
        ["\(Self.short),invoice_total\nI,1,acme,2026-10,purchase,9.00,EUR,10.00\n"], installation, service)
      var options = try Self.options("\(Self.short)\nI,1,acme,2026-10,purchase,9.00,EUR\n", in: installation)
      options.replaces = true
      _ = try await service.importInvoices(options)
      #expect(try await service.invoice("I").totals == [])
    }
  }

  private static let parts = #"{ "extends": "plain", "parts": [{ "column": "vat", "category": "tax" }] }"#

  @Test("A part that comes to nothing in a corrected file does not leave what it was", arguments: ["0.00", ""])
  func emptiedPart(vat: String) async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let mapping = installation.folder.appending(path: "mapping.json")
      try Data(Self.parts.utf8).write(to: mapping)
      let header = "invoice_id,line_id,organization_id,period,category,amount,currency,vat\n"
      func file(_ vat: String) throws -> ImportInvoices.Options {
        var options = try Self.options(header + "I,1,acme,2026-10,purchase,9.00,EUR,\(vat)\n", in: installation)
        options.mapping = mapping.path
        return options
      }
      #expect(try await service.importInvoices(try file(vat)).count.added == 1)
      _ = try await service.importInvoices(try file("1.71"))
      #expect(try await Self.claims(service) == ["1 9", "1/tax 1.71"])
      let report = try await service.importInvoices(try file(vat))
      #expect(report.count.changed == 1)
      #expect(report.missing.isEmpty)
      #expect(try await Self.claims(service) == ["1 9", "1/tax 0"])
      #expect(try await service.importInvoices(try file(vat)).count.changed == 0)
    }
  }

  @Test("A line that a newer file does not have is named, and withdrawn where the file is known to be whole")
  func missingLines() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      let header = "invoice_id,line_id,organization_id,period,category,amount,currency,invoice_total\n"
      func importing(_ rows: String, replaces: Bool = false) async throws -> ImportInvoices.Report {
        var options = try Self.options(header + rows, in: installation)
        options.replaces = replaces
        return try await service.importInvoices(options)
      }
      _ = try await importing("I,1,acme,2026-10,purchase,9.00,EUR,\nI,2,acme,2026-10,purchase,1.00,EUR,\n")
      // The second of two parts: nothing of the first is lost.
      let second = try await importing("I,3,acme,2026-10,purchase,5.00,EUR,15.00\n")
      #expect(second.missing.map(\.key.line) == ["1", "2"])
      #expect(try await Self.claims(service) == ["1 9", "2 1", "3 5"])
      let whole = try await importing("I,1,acme,2026-10,purchase,9.00,EUR,9.00\n")
      #expect(whole.withdrawn == 2)
      #expect(try await Self.claims(service) == ["1 9"])
      _ = try await importing("I,2,acme,2026-10,purchase,1.00,EUR,\n")
      #expect(try await importing("I,2,acme,2026-10,purchase,1.00,EUR,\n", replaces: true).withdrawn == 1)
      #expect(try await Self.claims(service) == ["2 1"])
    }
  }

  @Test("An invoice that is void in a newer file claims nothing, whatever lines the file has")
  func voidFile() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      func importing(_ status: String, _ lines: String) async throws {
        var options = try Self.options(
          #"{ "id": "in_1", "status": "\#(status)", "customer": "acme", "lines": { "data": [\#(lines)] } }"#,
          in: installation, name: "in_1.json")
        options.mapping = "stripe"
        _ = try await service.importInvoices(options)
      }
      func line(_ id: String) -> String {
        #"{ "id": "\#(id)", "amount": 900, "currency": "eur", "type": "subscription", "period": { "start": 1790812800, "end": 1793491200 } }"#
      }
      for void in ["", line("il_1")] {
        try await importing("open", "\(line("il_1")), \(line("il_2"))")
        #expect(try await Self.claims(service, "in_1") == ["il_1 9", "il_2 9"])
        try await importing("void", void)
        #expect(try await Self.claims(service, "in_1") == [])
      }
    }
  }
}
