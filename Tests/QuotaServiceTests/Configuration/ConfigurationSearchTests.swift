import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Where a configuration is looked for")
struct ConfigurationSearchTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A search below the folder, with nothing of the real machine.
  private func search(path: String? = nil, _ environment: [String: String] = [:]) -> ConfigurationSearch {
    ConfigurationSearch(
      path: path, environment: environment, currentDirectory: "\(folder.path)/here",
      systemDirectory: "\(folder.path)/etc")
  }

  private func write(_ id: String, to name: String) throws -> String {
    try folder.write(#"{"organizations": [{"id": "\#(id)", "api_key": {"env": "K"}}]}"#, to: name)
  }

  private func found(_ search: ConfigurationSearch) throws -> [String] {
    try search.load().organizations.map(\.organization.id.rawValue)
  }

  @Test("a file that everybody can change is named, and refused if it runs programs")
  func exposure() throws {
    let organization = #"{"id": "acme", "api_key": {"env": "K"}}"#
    let harmless = try folder.write(#"{"organizations": [\#(organization)]}"#, to: "open.json", mode: 0o666)
    let words = "can be changed by everybody on this machine (mode 666)"
    #expect(try search(path: harmless).load().exposures == ["\(harmless) \(words); run: chmod o-w \(harmless)"])
    for text in [
      #"{"organizations": [{"id": "acme", "api_key": {"command": ["key"]}}]}"#,
      #"{"organizations": [\#(organization)], "notifiers": {"pager": {"type": "command", "command": ["/bin/page"]}}}"#,
    ] {
      let path = try folder.write(text, to: "programs.json", mode: 0o666)
      let error = #expect(throws: ServiceError.self) { try search(path: path).load() }
      #expect(error?.lines == ["\(path) \(words), and it names programs to run; run: chmod o-w \(path)"])
      #expect(chmod(path, 0o644) == 0)
      #expect(try search(path: path).load().organizations.count == 1)
    }
  }

  @Test("a pipe is read as far as somebody writes, and not waited for when nobody does", .timeLimit(.minutes(5)))
  func pipes() throws {
    let path = "\(folder.path)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let error = #expect(throws: FileFailure.self) {
      try LocalFile(opening: path, waiting: true, patience: 20).contents(atMost: 100)
    }
    #expect(error?.message == "it is a pipe that nobody writes to")
    let text = #"{"organizations": [{"id": "acme", "api_key": {"env": "K"}}]}"#
    // On a thread of its own: the tasks' threads may all be busy for longer than a pipe is waited for.
    Thread.detachNewThread { try? Data(text.utf8).write(to: URL(filePath: path)) }
    #expect(try found(search(path: path)) == ["acme"])
  }

  @Test("the places are tried in the documented order")
  func order() throws {
    let home = ["HOME": "\(folder.path)/home"]
    let xdg = home.merging(["XDG_CONFIG_HOME": "\(folder.path)/xdg"]) { $1 }
    let key = ["DOCUTRAY_API_KEY": "k"]
    #expect(try found(search(key)) == ["default"])
    _ = try write("etc", to: "etc/quotawatch/alerts.json")
    #expect(try found(search(key)) == ["etc"])
    _ = try write("home", to: "home/.config/quotawatch/alerts.json")
    #expect(try found(search(home)) == ["home"])
    #expect(try found(search(home.merging(["XDG_CONFIG_HOME": "relative"]) { $1 })) == ["home"])
    #expect(try found(search(xdg)) == ["etc"])
    _ = try write("xdg", to: "xdg/quotawatch/alerts.json")
    #expect(try found(search(xdg)) == ["xdg"])
    _ = try write("here", to: "here/alerts.json")
    #expect(try found(search(xdg)) == ["here"])
    let variable = try write("variable", to: "v.json")
    #expect(try found(search(["QUOTAWATCH_CONFIG": variable])) == ["variable"])
    #expect(try found(search(["QUOTAWATCH_CONFIG": ""])) == ["here"])
    let option = try write("option", to: "o.json")
    #expect(try found(search(path: option, ["QUOTAWATCH_CONFIG": variable])) == ["option"])
  }

  @Test("paths are relative to the file that was found")
  func directory() throws {
    let path = try write("a", to: "some/alerts.json")
    let configuration = try search(path: path).load()
    #expect(configuration.directory == "\(folder.path)/some")
    #expect(configuration.databasePath == "\(folder.path)/some/quotawatch.sqlite")
  }

  @Test("a named file that is missing is an error, whatever else there is")
  func missing() throws {
    _ = try write("here", to: "here/alerts.json")
    #expect(
      lines(search(path: "/nowhere/a.json")) == [
        "cannot read /nowhere/a.json: there is no such file; `quotawatch init` writes a starting configuration"
      ])
    #expect(
      lines(search(["QUOTAWATCH_CONFIG": "/nowhere/a.json"])) == [
        "cannot read /nowhere/a.json (from QUOTAWATCH_CONFIG): there is no such file; "
          + "`quotawatch init` writes a starting configuration"
      ])
  }

  @Test("what is read anew is the file that was found, also where another place has one, and its absence is an error")
  func reloading() throws {
    let home = ["HOME": "\(folder.path)/home", "DOCUTRAY_API_KEY": "k"]
    let fromEnvironment = try search(home).load()
    let file = try write("before", to: "home/.config/quotawatch/alerts.json")
    let search = search(home)
    let configuration = try search.load()
    _ = try write("here", to: "here/alerts.json")
    _ = try write("after", to: "home/.config/quotawatch/alerts.json")
    let reloaded = try search.reload(configuration)
    #expect(reloaded.organizations.map(\.organization.id.rawValue) == ["after"])
    #expect(try search.reload(fromEnvironment).organizations == fromEnvironment.organizations)
    try FileManager.default.removeItem(atPath: file)
    let error = #expect(throws: ServiceError.self) { try search.reload(configuration) }
    #expect(error?.status == .configuration)
    #expect(error?.lines == ["cannot read \(file) anew: there is no such file; put it back, or start anew"])
  }

  @Test("a file that cannot be read is an error and not passed over")
  func unreadable() throws {
    _ = try write("etc", to: "etc/quotawatch/alerts.json")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/here/alerts.json", withIntermediateDirectories: true)
    #expect(
      lines(search()) == [
        "cannot read \(folder.path)/here/alerts.json: it is a directory; make it readable, or name another with --config"
      ])
  }

  @Test("errors name the file as it was found")
  func errors() throws {
    let path = try folder.write("{\n}", to: "bad.json")
    #expect(lines(search(path: path)) == ["\(path):1:1: \"organizations\" is missing"])
  }

  @Test("without a file, the key in the environment makes one organization")
  func environment() throws {
    let configuration = try search(["DOCUTRAY_API_KEY": "k", "DOCUTRAY_BASE_URL": "http://127.0.0.1:8080/"]).load()
    #expect(
      configuration.organizations == [
        ConfiguredOrganization(
          organization: Organization(id: OrganizationID("default")), apiKey: .environment("DOCUTRAY_API_KEY"))
      ])
    #expect(configuration.api.baseURL == "http://127.0.0.1:8080")
    #expect(configuration.databasePath == "\(folder.path)/here/quotawatch.sqlite")
    #expect(configuration.rules.isEmpty && configuration.notifiers.isEmpty)
    #expect(try search(["DOCUTRAY_API_KEY": "k"]).load().api.baseURL == "https://app.docutray.com")
  }

  @Test("an address in the environment is judged like one in a file")
  func environmentAddress() {
    #expect(
      lines(search(["DOCUTRAY_API_KEY": "k", "DOCUTRAY_BASE_URL": "http://example.com"])) == [
        "DOCUTRAY_BASE_URL: plain http is for loopback only; "
          + "use https, or set \"allow_http\": true if the network is trusted"
      ])
  }

  @Test("where there is nothing at all, the error says what was looked for and what to do")
  func nothing() {
    #expect(
      lines(search(["HOME": "/h", "DOCUTRAY_API_KEY": ""])) == [
        "there is no configuration: looked for \(folder.path)/here/alerts.json, /h/.config/quotawatch/alerts.json, "
          + "\(folder.path)/etc/quotawatch/alerts.json and DOCUTRAY_API_KEY; run `quotawatch init` to write a starting "
          + "configuration, or set DOCUTRAY_API_KEY"
      ])
  }

  private func lines(_ search: ConfigurationSearch) -> [String] {
    let error = #expect(throws: ServiceError.self) { try search.load() }
    #expect(error?.status == .configuration)
    return error?.lines ?? []
  }
}
