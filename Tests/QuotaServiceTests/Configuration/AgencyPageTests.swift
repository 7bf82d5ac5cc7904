import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("The page for agencies")
struct AgencyPageTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// The blocks of the page in some language.
  private static func blocks(_ language: String) throws -> [String] {
    String(decoding: try Project.text(of: "docs/agencies.md"), as: UTF8.self).components(
      separatedBy: "```\(language)\n"
    )
    .dropFirst().compactMap { $0.components(separatedBy: "```").first }
  }

  private func load() throws -> Configuration {
    try ConfigurationSearch(path: "\(folder.path)/alerts.json", environment: [:]).load()
  }

  @Test("its table becomes a configuration that is complete once the keys are there")
  func start() async throws {
    let table = try #require(Self.blocks("csv").first)
    let path = try folder.write(table, to: "customers.csv")
    try StartingConfiguration(table: StartingTable(path, for: "\(folder.path)/alerts.json")).write(
      to: "\(folder.path)/alerts.json")
    let configuration = try load()
    #expect(configuration.plans.keys.sorted() == ["basic", "growth"])
    #expect(
      configuration.warnings.map { $0.replacing("\(folder.path)/", with: "") } == [
        "customers.csv:1:19: the column \"Account manager\" is not known and passed over"
      ])
    for entry in configuration.organizations {
      try folder.write("key of \(entry.organization.id)", to: "keys/\(entry.organization.id)")
    }
    let resolver = SecretResolver(configuration, environment: [:])
    for entry in configuration.organizations {
      #expect(try await resolver.secret(entry.apiKey).reveal() == "key of \(entry.organization.id)")
    }
  }

  @Test("its settings and its client's file decode")
  func settings() throws {
    let blocks = try Self.blocks("json")
    try #require(blocks.count == 2)
    try folder.write(try #require(Self.blocks("csv").first), to: "customers.csv")
    let plans = #""plans": {"basic": {}}, "include": ["organizations.d/*.json"], "#
    try folder.write("{" + plans + blocks[0].dropFirst(2), to: "alerts.json")
    try folder.write(blocks[1], to: "organizations.d/acme.json")
    let configuration = try load()
    #expect(configuration.organizations.map(\.organization.id.rawValue) == ["acme", "client-001", "client-002"])
    #expect(configuration.organizations[0].apiKey == .file("organizations.d/../keys/acme"))
    #expect(
      configuration.organizations[1].apiKey == .command(["sops", "-d", "keys.enc.json"], field: "client-001"))
  }
}
