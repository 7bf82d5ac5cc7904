import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Importing invoices")
struct InvoiceScenarios {
  private static let header = "invoice_id,line_id,organization_id,period,category,metric,quantity,amount,currency\n"

  private static func options(
    _ text: String, in installation: Installation, name: String = "october.csv"
  ) throws -> Service.InvoiceImportOptions {
    let file = installation.folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return Service.InvoiceImportOptions(path: file.path, by: "accountant")
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
      #expect(try await service.invoices(month: nil).isEmpty)
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
}
