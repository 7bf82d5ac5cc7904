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
    try StartingConfiguration.write(to: path)
    let configuration = try ConfigurationSearch(path: path, environment: [:]).load()
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.organizations.map(\.apiKey) == [.environment("DOCUTRAY_API_KEY")])
    #expect(configuration.organizations.map(\.organization.id.rawValue) == ["default"])
  }

  @Test("only the owner may read it, and the schema that it names lies beside it")
  func files() throws {
    try StartingConfiguration.write(to: "\(folder.path)/alerts.json")
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
      let error = #expect(throws: ServiceError.self) { try StartingConfiguration.write(to: taken) }
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
    try StartingConfiguration.write(to: "\(folder.path)/alerts.json")
    #expect(try Data(contentsOf: URL(filePath: "\(folder.path)/alerts.schema.json")).count > 1_000)
  }

  @Test("a directory that is missing is named")
  func missingDirectory() {
    let error = #expect(throws: ServiceError.self) { try StartingConfiguration.write(to: "\(folder.path)/no/a.json") }
    #expect(error?.lines == ["cannot write \(folder.path)/no/alerts.schema.json: there is no such file"])
  }
}
