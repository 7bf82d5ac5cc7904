import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Organizations that come from a table")
struct OrganizationsFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let setting = #"{"path": "customers.csv", "api_key": {"file": "keys/{id}"}}"#

  private func load(_ table: String, _ setting: String = setting, more: String = "") throws -> Configuration {
    try load(bytes: Array(table.utf8), setting, more: more)
  }

  private func load(bytes: [UInt8], _ setting: String = setting, more: String = "") throws -> Configuration {
    try Data(bytes).write(to: URL(filePath: "\(folder.path)/customers.csv"))
    let plans =
      #""plans": {"growth": {"quota": {"pages": 10}}}, "notifiers": {"ops": {"type": "slack", "url": {"env": "U"}}}"#
    let path = try folder.write(#"{"organizations_file": \#(setting), \#(plans)\#(more)}"#, to: "alerts.json")
    return try ConfigurationSearch(path: path, environment: [:]).load()
  }

  private func problems(_ table: String, _ setting: String = setting, more: String = "") -> [String] {
    let error = #expect(throws: ServiceError.self) { try load(table, setting, more: more) }
    #expect(error?.status == .configuration)
    return (error?.lines ?? []).map { $0.replacing("\(folder.path)/", with: "") }
  }

  private func warnings(_ configuration: Configuration) -> [String] {
    configuration.warnings.map { $0.replacing("\(folder.path)/", with: "") }.filter { $0.contains("column") }
  }

  // MARK: - What is read

  @Test("a row says what an object of the configuration would")
  func row() throws {
    let configuration = try load(
      """
      id,name,plan,tags,notify,quota_pages,quota_conversions,api_key_env,webhook_secret_file
      acme,"Acme, Inc.",growth,vip north,ops,500,20,KEY_ACME,hooks/acme

      globex,,,,,,,,
      ,,,,,,,,
      initech,Initech,growth,"vip;south|east",,0
      """)
    let organizations = configuration.organizations.map(\.organization)
    #expect(organizations.map(\.id.rawValue) == ["acme", "globex", "initech"])
    #expect(organizations.map(\.name) == ["Acme, Inc.", "globex", "Initech"])
    #expect(organizations.map(\.plan) == ["growth", nil, "growth"])
    #expect(organizations.map(\.tags) == [["vip", "north"], [], ["vip", "south", "east"]])
    #expect(organizations.map(\.notify.count) == [1, 0, 0])
    #expect(organizations[0].quotas.all.map(\.pages) == [500] && organizations[0].quotas.all.map(\.conversions) == [20])
    #expect(
      configuration.organizations.map(\.apiKey) == [
        .environment("KEY_ACME"), .file("keys/globex"), .file("keys/initech"),
      ])
    #expect(configuration.organizations.map(\.webhookSecret) == [.file("hooks/acme"), nil, nil])
    #expect(configuration.origins.map(\.organizations) == [0, 3])
    #expect(warnings(configuration).isEmpty)
  }

  @Test(
    "spreadsheets and other programs write it in their way",
    arguments: [
      "\u{FEFF}id;name\r\nacme;\"Größe & Söhne\"\r\nglobex;b\r\n;\r\n",
      "sep=;\r\nname;id\r\nGröße & Söhne;acme\r\nb;globex\r\n",
      "name\tID\tPhone number\rGröße & Söhne\tacme\t1\rb\tglobex\t2\r", "id|name|\n acme | Größe & Söhne|\nglobex|b|",
      "Name,Id\n\"Größe & Söhne\",\"acme\"\nb,globex",
    ])
  func forms(text: String) throws {
    let configuration = try load(text)
    #expect(configuration.organizations.map(\.organization.id.rawValue) == ["acme", "globex"])
    #expect(configuration.organizations.map(\.organization.name) == ["Größe & Söhne", "b"])
  }

  @Test("UTF-16 is told by its mark, and Windows-1252 by the setting")
  func encodings() throws {
    let utf16: [UInt8] =
      [0xFF, 0xFE] + Array("id;name\nacme;é\n".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try load(bytes: utf16).organizations.map(\.organization.name) == ["é"])
    let windows = Array("id;name\nacme;".utf8) + [0xE9, 0x0A]
    let setting = #"{"path": "customers.csv", "encoding": "windows-1252", "api_key": {"env": "KEY_{id}"}}"#
    #expect(try load(bytes: windows, setting).organizations.map(\.organization.name) == ["é"])
    let error = #expect(throws: ServiceError.self) { try load(bytes: windows) }
    #expect(
      error?.lines.map { $0.replacing("\(folder.path)/", with: "") } == [
        "customers.csv:2:1: the text is not UTF-8; save the file as UTF-8, or set \"encoding\": \"windows-1252\" in \"organizations_file\""
      ])
  }

  @Test("columns may have names of their own")
  func names() throws {
    let setting =
      #"{"path": "customers.csv", "api_key": {"file": "keys/{id}"}, "columns": {"id": "Kunden-Nr.", "quota_pages": "Seiten"}}"#
    let configuration = try load("Kunden-Nr.;Name;Seiten;id\n10045;Acme;7;x\n", setting)
    #expect(configuration.organizations.map(\.organization.id.rawValue) == ["10045"])
    #expect(warnings(configuration) == ["customers.csv:1:24: the column \"id\" is not known and passed over"])
  }

  @Test("columns that say nothing here are named in one warning")
  func unknown() throws {
    let configuration = try load("id;Turnover;tag;Phone;\nacme;5;x;1;\n")
    #expect(
      warnings(configuration) == [
        "customers.csv:1:4: the columns \"Turnover\", \"tag\", \"Phone\" are not known and passed over; did you mean \"tags\"?"
      ])
  }

  @Test("where keys are is said once for all, by id")
  func templates() throws {
    func key(_ template: String) throws -> SecretReference {
      try load("id\na-b.c\n", #"{"path": "customers.csv", "api_key": \#(template)}"#).organizations[0].apiKey
    }
    #expect(try key(#"{"env": "KEY_{id}"}"#) == .environment("KEY_A_B_C"))
    #expect(try key(#"{"file": "/run/{id}/key", "shared": true}"#) == .file("/run/a-b.c/key", shared: true))
    #expect(try key(#"{"credential": "key-{id}"}"#) == .credential("key-a-b.c"))
    #expect(try key(#"{"command": ["pass", "q/{id}"]}"#) == .command(["pass", "q/a-b.c"]))
    #expect(
      try key(#"{"command": ["sops", "-d", "k.json"], "field": "{id}"}"#)
        == .command(["sops", "-d", "k.json"], field: "a-b.c"))
  }

  @Test("a path in a row is relative to the table, and one in the configuration to that")
  func paths() throws {
    try folder.write("id,api_key_file\na,keys/a\nb,\n", to: "crm/customers.csv")
    let path = try folder.write(
      #"{"organizations_file": {"path": "crm/customers.csv", "api_key": {"file": "keys/{id}"}}}"#, to: "alerts.json")
    let configuration = try ConfigurationSearch(path: path, environment: [:]).load()
    #expect(configuration.organizations.map(\.apiKey) == [.file("crm/keys/a"), .file("keys/b")])
  }

  // MARK: - What is wrong

  @Test(
    "what is wrong with a value is named by line, column and heading",
    arguments: [
      ("id,Plan\nacme,grwth", "2:6: Plan: no plan \"grwth\" is configured; did you mean \"growth\"?"),
      ("id,tags\n\nacme,\"vip, é\"", "3:11: tags: "),
      ("id,notify\nacme,\"x ops\"", "2:6: notify: no notifier \"x\" is configured; "),
      ("name;id\nA;a b", "2:3: id: "),
      (
        "id;quota_pages\na;1.000",
        "2:3: quota_pages: expected a whole number such as 10000, digits alone, found \"1.000\""
      ),
      ("id;quota_conversions\na;-1", "2:3: quota_conversions: expected a whole number"),
      ("id;name\na;\"b\nc\"", "2:3: name: must not hold line breaks or other control characters"),
      ("id;name\na\u{200B};b", "2:1: id: character 2 is U+200B (zero width space), which nobody sees; remove it"),
      ("id;name\n;b", "2:1: id: the row has no id"),
      ("id;name\na;b;c", "2:1: has 3 fields, the headings are 2; a field with the delimiter in it needs quotes"),
      ("id;api_key_env;api_key_file\na;K;f", "2:3: api_key_env: a secret has exactly one of "),
      (
        "id;api_key_env\na;K-K",
        "2:3: api_key_env: expected the name of an environment variable (letters, digits and _)"
      ),
      ("id;name\na;\"b", "2:1: a quoted field that begins in this row is never closed"),
      ("id;name\na;b\"c\"", "2:1: a quote stands within a field; "),
      ("id;ID\na;b", "1:4: two columns are called \"ID\"; which one counts cannot be told"),
      (
        "name;x\na;b",
        "1:1: there is no column \"id\"; the columns are name, x; say which it is with \"columns\": {\"id\": \"name\"} in \"organizations_file\""
      ),
      ("", "1:1: the table is empty; its first line names the columns"),
      ("id;name\n;\n\n", "1:1: no organization stands below the headings"),
    ])
  func values(table: String, line: String) {
    let found = problems(table)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("customers.csv:" + line) == true, "\(found)")
  }

  @Test("a table that is wrong hides no mistake that has nothing to do with it")
  func apart() {
    let rules =
      #", "rules": [{"id": "r", "type": "credential", "notify": ["nobody"], "applies_to": {"organizations": ["a"]}}]"#
    let found = problems("id,quota_pages\na,1.5\nb,x\n", more: rules)
    #expect(found.count == 3)
    #expect(found.first?.contains("no notifier \"nobody\" is configured") == true)
  }

  @Test("a row without a key is named, unless all keys are at one place")
  func withoutKey() {
    #expect(
      problems("id,api_key_env\na,K\nb,\n", #""customers.csv""#) == [
        "customers.csv:3:1: \"b\" has no key: fill in api_key_env, api_key_file or api_key_credential, or say where all keys are with \"api_key\": {\"file\": \"keys/{id}\"} in \"organizations_file\""
      ])
  }

  @Test(
    "a key itself is refused without being shown, once for its column",
    arguments: [
      ("id,api_key\na,hidden-1\nb,hidden-2", "1:4", "api_key", "2:3"),
      ("id,API Key\na,hidden-1\nb,hidden-2", "", "API Key", "2:3"),
      ("id,Docutray API-Key\na,\nb,hidden-2", "", "Docutray API-Key", "3:3"),
      ("id,api_key_env\na,dt_live_hiddenhidden1\nb,K", "", "api_key_env", "2:3"),
      ("id,api_key_file\na,keys/hiddenA1hiddenB2hiddenC3", "", "api_key_file", "2:3"),
      ("id,Note\na,dt_live_hiddenhidden1", "", "Note", "2:3"),
    ])
  func keys(table: String, _: String, column: String, place: String) {
    let found = problems(table)
    #expect(
      found.first
        == "customers.csv:\(place): \(column): a secret must not stand in a table, where backups and colleagues see it; put each into a file of its own, say \"api_key\": {\"file\": \"keys/{id}\"} in \"organizations_file\", and take it out here"
    )
    #expect(!found.joined().contains("hidden"))
    #expect(found.count == 1)
  }

  @Test("what stands twice in the table, or in the table and in a file, is named with both places")
  func duplicates() {
    let more = #", "organizations": [{"id": "m", "api_key": {"env": "M"}}]"#
    #expect(
      problems("id\na\nm\na\n", more: more) == [
        "customers.csv:3:1: id: \"m\" is the id of the organization at alerts.json:1:212 already; every organization needs its own",
        "customers.csv:4:1: id: \"a\" is the id of the organization at customers.csv:2:1 already; every organization needs its own",
      ])
  }

  @Test(
    "what is wrong with the setting",
    arguments: [
      ("5", "organizations_file: expected text, found a number"),
      (
        #"{"path": "c.csv", "api_key": "secret"}"#,
        "organizations_file.api_key: a secret must not stand in the configuration"
      ),
      (#"{"path": "c.csv", "api_key": {"file": "key"}}"#, "organizations_file.api_key: \"{id}\" has to stand in it"),
      (
        #"{"path": "c.csv", "columns": {"ide": "x"}}"#,
        "organizations_file.columns.ide: \"ide\" is not known here; did you mean \"id\"?"
      ),
      (
        #"{"path": "customers.csv", "columns": {"id": "Nr"}, "api_key": {"env": "K_{id}"}}"#,
        "customers.csv:1:1: there is no column \"Nr\" for id; the columns are id"
      ),
      (#""none.csv""#, "organizations_file: cannot read none.csv: there is no such file"),
      (#"{"path": "."}"#, "organizations_file.path: cannot read .: it is a directory"),
    ])
  func setting(setting: String, line: String) {
    let found = problems("id\na\n", setting)
    #expect(found.count == 1 && found[0].contains(line), "\(found)")
  }
}
