import Foundation
import Glibc
import Notifiers
import QuotaCore
import Testing

@testable import QuotaService

@Suite("A configuration that is made of several files")
struct IncludedFilesTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static func organization(_ id: String, _ more: String = "") -> String {
    #"{"id": "\#(id)", "api_key": {"env": "K_\#(id)"}\#(more)}"#
  }

  private static func organizations(_ ids: String...) -> String {
    #"{"organizations": [\#(ids.map { organization($0) }.joined(separator: ", "))]}"#
  }

  /// Writes files below the folder, `alerts.json` among them, and reads them.
  private func load(_ main: String, _ files: [String: String] = [:]) throws -> Configuration {
    for (name, text) in files { try folder.write(text, to: name) }
    let path = try folder.write(main, to: "alerts.json")
    return try ConfigurationSearch(path: path, environment: [:]).load()
  }

  /// What is wrong, without the folder's name.
  private func problems(_ main: String, _ files: [String: String] = [:]) -> [String] {
    let error = #expect(throws: ServiceError.self) { try load(main, files) }
    #expect(error?.status == .configuration)
    return named(error?.lines ?? [])
  }

  private func named(_ lines: [String]) -> [String] { lines.map { $0.replacing("\(folder.path)/", with: "") } }

  @Test("a file that is too large is told from others, with what to do")
  func large() throws {
    for name in ["large.json", "alerts.json"] {
      let path = try folder.write("{}", to: name)
      #expect(truncate(path, off_t(ConfigurationFiles.largest) + 1) == 0)
    }
    let advice = #"divide its organizations among several files, and name them in "include""#
    let error = #expect(throws: ServiceError.self) {
      try ConfigurationSearch(path: "\(folder.path)/alerts.json", environment: [:]).load()
    }
    #expect(named(error?.lines ?? []) == ["cannot read alerts.json: it has more than 268,435,456 bytes; \(advice)"])
    #expect(
      problems(#"{"include": "large.json", "organizations": [\#(Self.organization("a"))]}"#)
        == ["alerts.json:1:13: include: cannot read large.json: it has more than 268,435,456 bytes; \(advice)"])
  }

  private static let all = #"{"include": ["organizations.d/*.json"]}"#

  // MARK: - What is read

  @Test("the files that a pattern matches are read in the order of their names, after the first one's own")
  func order() throws {
    let configuration = try load(
      #"{"organizations": [\#(Self.organization("z"))], "include": ["organizations.d/*.json", "more.json"]}"#,
      [
        "organizations.d/b.json": Self.organizations("b1", "b2"), "organizations.d/a.json": Self.organizations("a"),
        "organizations.d/B.json": Self.organizations("c"), "more.json": Self.organizations("m"),
        "organizations.d/.hidden.json": Self.organizations("hidden"), "organizations.d/note.txt": "no JSON",
      ])
    #expect(configuration.organizations.map(\.organization.id.rawValue) == ["z", "c", "a", "b1", "b2", "m"])
    #expect(
      configuration.origins.map { "\(named([$0.file])[0]) \($0.organizations)" } == [
        "alerts.json 1", "organizations.d/B.json 1", "organizations.d/a.json 1", "organizations.d/b.json 2",
        "more.json 1",
      ])
  }

  @Test("plans, rules, notifiers and routes come from included files too, and refer to each other across files")
  func parts() throws {
    let configuration = try load(
      #"{"include": "x.json", "organizations": [\#(Self.organization("a", #", "plan": "p""#))], "plans": {"q": {}}}"#,
      [
        "x.json": """
        {"$schema": "alerts.schema.json", "plans": {"p": {"quota": {"pages": 5}}},
         "rules": [{"id": "r", "type": "threshold", "metric": "pages", "percent": [80], "notify": ["n"]}],
         "notifiers": {"n": {"type": "slack", "url": {"env": "U"}}},
         "routes": [{"match": {"organizations": ["a"], "rules": ["r"]}, "notify": ["n"]}]}
        """
      ])
    #expect(configuration.plans.keys.sorted() == ["p", "q"])
    #expect(configuration.rules.map(\.id.rawValue) == ["r"])
    #expect(configuration.notifiers.map(\.id.rawValue) == ["n"])
    #expect(configuration.routes.count == 1)
    #expect(configuration.organizations[0].organization.quotas.all.map(\.pages) == [5])
    #expect(configuration.warnings.isEmpty)
  }

  @Test("a relative path is relative to the file in which it stands")
  func paths() throws {
    let configuration = try load(
      #"{"organizations": [{"id": "own", "api_key": {"file": "keys/own"}}], "include": ["clients/*.json", "\#(folder.path)/far/x.json"]}"#,
      [
        "clients/a.json":
          #"{"organizations": [{"id": "a", "api_key": {"file": "keys/a", "shared": true}}, {"id": "b", "api_key": {"command": ["bin/key", "x/y"]}}, {"id": "c", "api_key": {"command": ["pass", "c"]}}, {"id": "d", "api_key": {"file": "/k"}}]}"#,
        "far/x.json":
          #"{"organizations": [{"id": "x", "api_key": {"file": "x"}}], "notifiers": {"m": {"type": "email", "url": "smtps://m", "from": "a@b.c", "to": ["d@e.f"], "ca_file": "ca.pem"}}}"#,
      ])
    #expect(
      configuration.organizations.map(\.apiKey) == [
        .file("keys/own"), .file("clients/keys/a", shared: true), .command(["clients/bin/key", "x/y"]),
        .command(["pass", "c"]), .file("/k"), .file("far/x"),
      ])
    #expect(configuration.notifiers.map(\.configuration.caFile) == ["\(folder.path)/far/ca.pem"])
  }

  @Test("every file is read again each time")
  func again() throws {
    #expect(try load(Self.all, ["organizations.d/a.json": Self.organizations("a")]).organizations.count == 1)
    try folder.write(Self.organizations("b", "c"), to: "organizations.d/b.json")
    #expect(try load(Self.all).organizations.map(\.organization.id.rawValue) == ["a", "b", "c"])
  }

  // MARK: - What is wrong

  @Test("an error names the file, the line and the column in which it stands, and all come at once")
  func places() {
    #expect(
      problems(
        #"{"database": 5, "include": "organizations.d/*.json"}"#,
        [
          "organizations.d/a.json": "{\"organizations\": [\n  \(Self.organization("a", #", "plan": "x""#))]}",
          "organizations.d/b.json": "{\n \"rules\": [{\"id\": \"r\", \"type\": \"credential\"}], \"rule\": []}",
        ]) == [
          "alerts.json:1:14: database: expected text, found a number",
          "organizations.d/a.json:2:50: organizations[0].plan: no plan \"x\" is configured; add it under \"plans\"",
          "organizations.d/b.json:2:48: rule: \"rule\" has no place in an included file; did you mean \"rules\"?",
        ])
  }

  @Test(
    "an included file that is wrong as a whole",
    arguments: [
      ("{", "x.json:1:2: not JSON: expected a name in double quotes"),
      ("\u{FEFF}{}", "x.json:1:1: not JSON: U+FEFF (byte order mark) stands here, which nobody sees; remove it"),
      ("[]", "x.json:1:1: expected an object, found a list"),
      (#"{"organizations": {}}"#, "x.json:1:19: organizations: expected a list, found an object"),
      (#"{"plans": []}"#, "x.json:1:11: plans: expected an object, found a list"),
      (
        #"{"include": ["y.json"]}"#,
        "x.json:1:2: include: an included file includes nothing; name all files in the first one"
      ),
      (
        #"{"database": "x"}"#,
        "x.json:1:2: database: \"database\" has no place in an included file; known: notifiers, organizations, plans, routes, rules"
      ),
    ])
  func wholes(text: String, line: String) {
    let main = #"{"include": "x.json", "organizations": [\#(Self.organization("a"))]}"#
    #expect(problems(main, ["x.json": text]) == [line])
  }

  @Test("what a file has that could not be read is not said to be missing elsewhere")
  func unknowable() {
    let main = #"{"include": "x.json", "organizations": [\#(Self.organization("a", #", "plan": "p""#))]}"#
    #expect(problems(main, ["x.json": #"{"plans": {"p": {}},}"#]).count == 1)
  }

  @Test("what stands in two files is named with both places")
  func duplicates() {
    #expect(
      problems(
        #"{"include": ["a.json", "b.json"], "organizations": [\#(Self.organization("m"))], "plans": {"p": {}}}"#,
        [
          "a.json": "{\"organizations\": [\n\(Self.organization("x"))]}",
          "b.json":
            "{\"organizations\": [\(Self.organization("x")), \(Self.organization("m"))],\n\"plans\": {\"p\": {}}, \"rules\": [{\"id\": \"r\", \"type\": \"credential\"}, {\"id\": \"r\", \"type\": \"credential\"}]}",
        ])
        == [
          "b.json:1:27: organizations[0].id: \"x\" is the id of the organization at FOLDER/a.json:2:1 already; every organization needs its own",
          "b.json:1:67: organizations[1].id: \"m\" is the id of the organization at FOLDER/alerts.json:1:53 already; every organization needs its own",
          "b.json:2:11: plans.p: \"p\" stands at FOLDER/alerts.json:1:104 already; each of plans needs a name of its own",
          "b.json:2:73: rules[1].id: \"r\" is the id of rules[0] already; every rule needs its own",
        ].map { $0.replacing("FOLDER/", with: "") })
  }

  @Test("a file that is named has to be there, and be a file")
  func missing() throws {
    try folder.write("", to: "d/x.json/inner")
    #expect(mkfifo("\(folder.path)/pipe.json", 0o600) == 0)
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/loop.json", withDestinationPath: "loop.json")
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/d/dangling.json", withDestinationPath: "gone")
    #expect(
      problems(
        #"{"include": ["none.json", "d/*.json", "pipe.json", "loop.json", "no.d/*.json", "**/x.json", "alerts.json", "a\u200bb.json"]}"#
      ) == [
        "alerts.json:1:14: include[0]: cannot read none.json: there is no such file",
        "alerts.json:1:27: include[1]: cannot read d/dangling.json: there is no such file",
        "alerts.json:1:27: include[1]: cannot read d/x.json: it is a directory",
        "alerts.json:1:39: include[2]: cannot read pipe.json: it is no regular file",
        "alerts.json:1:52: include[3]: cannot read loop.json: Too many levels of symbolic links",
        "alerts.json:1:65: include[4]: cannot look for \"no.d/*.json\": there is no such directory; make it, or take this out",
        "alerts.json:1:80: include[5]: \"**\" stands for no directories; name the files of each directory",
        "alerts.json:1:93: include[6]: alerts.json is this file itself; put files that are included into a directory of their own",
        "alerts.json:1:108: include[7]: character 2 is U+200B (zero width space), which nobody sees; remove it",
      ])
  }

  @Test("a pattern that matches nothing in a directory that is there is a warning")
  func nothing() throws {
    try FileManager.default.createDirectory(atPath: "\(folder.path)/organizations.d", withIntermediateDirectories: true)
    let configuration = try load(
      #"{"organizations": [\#(Self.organization("a"))], "include": ["organizations.d/*.json"]}"#)
    #expect(
      named(configuration.warnings).filter { $0.contains("include") } == [
        "alerts.json:1:73: include[0]: no file matches \"organizations.d/*.json\""
      ])
    #expect(
      problems(Self.all) == ["alerts.json:1:13: include: no organization is configured: none of these files has one"])
  }

  @Test("a file that everybody can change is told, and refused where the configuration names programs")
  func exposed() throws {
    let path = try folder.write(Self.organizations("a"), to: "organizations.d/a.json", mode: 0o666)
    #expect(chmod(path, 0o666) == 0)
    let configuration = try load(Self.all)
    #expect(
      named(configuration.exposures).first
        == "organizations.d/a.json can be changed by everybody on this machine (mode 666); run: chmod o-w organizations.d/a.json"
    )
    try folder.write(
      #"{"organizations": [{"id": "b", "api_key": {"command": ["k"]}}]}"#, to: "organizations.d/b.json")
    #expect(
      problems(Self.all) == [
        "organizations.d/a.json can be changed by everybody on this machine (mode 666), and it names programs to run; run: chmod o-w organizations.d/a.json"
      ])
    #expect(chmod(path, 0o600) == 0 && chmod(path.parentDirectory, 0o777) == 0)
    #expect(
      problems(Self.all) == [
        "organizations.d can be changed by everybody on this machine (mode 777), and it names programs to run; run: chmod o-w organizations.d"
      ])
  }

  @Test("a warning stands where it belongs")
  func warnings() throws {
    let configuration = try load(
      Self.all,
      [
        "organizations.d/r.json":
          "{\"rules\": [\n{\"id\": \"r\", \"type\": \"credential\"}], \"organizations\": [\(Self.organization("a"))]}"
      ])
    #expect(
      named(configuration.warnings) == [
        "organizations.d/r.json:2:1: rules[0]: nobody hears of it; add \"notify\" with names from \"notifiers\", or \"default_notify\""
      ])
  }
}
