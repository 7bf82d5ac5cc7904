import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("The configuration to start from")
struct StartingConfigurationTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("what is written decodes without errors and warnings")
  func decodes() throws {
    let path = "\(folder.path)/alerts.json"
    try StartingConfiguration().write(to: path)
    let configuration = try ConfigurationSearch(path: path, environment: [:]).load()
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.organizations.map(\.apiKey) == [.environment("DOCUTRAY_API_KEY")])
    #expect(configuration.organizations.map(\.organization.id.rawValue) == ["default"])
  }

  @Test("only the owner may read it, and the schema that it names lies beside it")
  func files() throws {
    try StartingConfiguration().write(to: "\(folder.path)/alerts.json")
    #expect(try folder.names() == ["alerts.json", "alerts.schema.json"])
    #expect(try folder.mode(of: "alerts.json") == 0o600)
    #expect(try folder.mode(of: "alerts.schema.json") == 0o644)
    let written = try Data(contentsOf: URL(filePath: "\(folder.path)/alerts.schema.json"))
    #expect(try Array(written) == Project.text(of: "deploy/alerts.schema.json"))
    let json = try JSONParser.parse(Array(Data(contentsOf: URL(filePath: "\(folder.path)/alerts.json"))))
    #expect(json["$schema"]?.string == "alerts.schema.json")
  }

  @Test("a file that is there stays as it is, even an empty one or a broken link")
  func noOverwriting() throws {
    let path = try folder.write("mine", to: "alerts.json")
    let link = "\(folder.path)/link.json"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/nowhere")
    for taken in [path, link] {
      let error = #expect(throws: ServiceError.self) { try StartingConfiguration().write(to: taken) }
      #expect(error?.status == .inputOutput)
      #expect(
        error?.lines == ["\(taken) is there already and stays as it is; remove it first, or name another file"])
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    #expect(try folder.names() == ["alerts.json", "link.json"])
  }

  @Test("a race for the name is lost without damage")
  func race() throws {
    let path = try folder.write("mine", to: "alerts.json")
    let error = #expect(throws: FileFailure.self) { try NewFile.write([1], to: path, mode: 0o600, replacing: false) }
    #expect(error?.number == EEXIST)
    #expect(try folder.names() == ["alerts.json"])
  }

  @Test("an older schema is replaced")
  func schemaReplaced() throws {
    try folder.write("old", to: "alerts.schema.json")
    try StartingConfiguration().write(to: "\(folder.path)/alerts.json")
    #expect(try Data(contentsOf: URL(filePath: "\(folder.path)/alerts.schema.json")).count > 1_000)
  }

  @Test("a directory that is missing is named")
  func missingDirectory() {
    let error = #expect(throws: ServiceError.self) { try StartingConfiguration().write(to: "\(folder.path)/no/a.json") }
    #expect(error?.lines == ["cannot write \(folder.path)/no/alerts.schema.json: there is no such file"])
  }

  @Test("the vendor's address is taken over from the environment, and judged")
  func address() throws {
    let path = "\(folder.path)/alerts.json"
    try StartingConfiguration(environment: ["DOCUTRAY_BASE_URL": "http://127.0.0.1:8080/"]).write(to: path)
    #expect(try ConfigurationSearch(path: path, environment: [:]).load().api.baseURL == "http://127.0.0.1:8080")
    let error = #expect(throws: ServiceError.self) {
      try StartingConfiguration(environment: ["DOCUTRAY_BASE_URL": "http://example.com"])
    }
    #expect(error?.lines.first?.hasPrefix("DOCUTRAY_BASE_URL: plain http is for loopback only") == true)
  }
}

@Suite("The configuration to start from with a table")
struct StartingTableTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func start(_ table: String, columns: [String] = [], to name: String = "alerts.json") throws -> Configuration {
    let source = try folder.write(table, to: "customers.csv")
    let path = "\(folder.path)/\(name)"
    try StartingConfiguration(table: StartingTable(source, columns: columns, for: path)).write(to: path)
    return try ConfigurationSearch(path: path, environment: [:]).load()
  }

  @Test("it names the table, its plans and its notifiers, and decodes without warnings")
  func decodes() throws {
    let configuration = try start("id;name;plan;notify\r\nacme;A;gold;sales\r\nb;B;basic;\r\n")
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.organizations.map(\.apiKey) == [.file("keys/acme"), .file("keys/b")])
    #expect(configuration.plans.keys.sorted() == ["basic", "gold"])
    #expect(configuration.notifiers.map(\.id.rawValue) == ["ops-slack", "sales"])
    #expect(configuration.rules.map(\.id.rawValue) == ["pages-quota", "conversions-quota", "silent", "dead-key"])
  }

  @Test("rules about quotas are there where somebody has one, and key files where a row says nothing else")
  func fitting() throws {
    let configuration = try start("id,quota_pages,api_key_env\na,5,K\nb,6,L\n")
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.organizations.map(\.apiKey) == [.environment("K"), .environment("L")])
    #expect(configuration.rules.map(\.id.rawValue) == ["pages-quota", "silent", "dead-key"])
    let text = try String(contentsOfFile: "\(folder.path)/alerts.json", encoding: .utf8)
    #expect(
      !text.contains("keys/") && text.contains(#""organizations_file": {"path": "\#(folder.path)/customers.csv"}"#))
  }

  @Test("columns may be called otherwise, and the configuration stand elsewhere")
  func names() throws {
    try folder.write("", to: "conf/x")
    let configuration = try start("Nr,Firma\n1,A\n", columns: ["id=Nr", "name=Firma"], to: "conf/alerts.json")
    #expect(configuration.organizations.map(\.organization.name) == ["A"])
    #expect(configuration.organizations.map(\.apiKey) == [.file("keys/1")])
  }

  @Test("a table that is wrong leaves no configuration behind")
  func wrong() throws {
    for table in ["name\na\n", "id,api_key\na,hidden\n", "id\na\na\n", "id,tags\na,é\n", ""] {
      let error = #expect(throws: ServiceError.self) { try start(table) }
      #expect(error?.lines.count == 1 && error?.lines.first?.contains("customers.csv:") == true)
      #expect(error?.lines.joined().contains("hidden") == false)
    }
    #expect(try folder.names() == ["customers.csv"])
    let error = #expect(throws: ServiceError.self) { try start("id\na\n", columns: ["ide=x"]) }
    #expect(
      error?.lines == [#"--column expects COLUMN=HEADING, such as id=Number; "ide" is not one; did you mean "id"?"#])
  }
}
