import Foundation
import Testing

@testable import QuotaService

@Suite("A configuration from standard input")
struct StandardInputTests {
  /// What a person sees of a command whose standard input is a text.
  private static func run(
    _ arguments: [String], input: String, in folder: URL, environment: [String: String] = [:]
  ) throws -> (status: Int32, text: String) {
    let (source, output) = (folder.appending(path: "input"), folder.appending(path: "shown"))
    try Data(input.utf8).write(to: source)
    try Data().write(to: output)
    let (process, shown) = (Process(), try FileHandle(forWritingTo: output))
    process.executableURL = try BuiltProgram.binary
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: source)
    process.standardOutput = shown
    process.standardError = shown
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
  }

  private static let configuration = #"{"organizations": [{"id": "acme", "api_key": {"file": "keys/acme"}}]}"#

  @Test("its paths are relative to the current directory")
  func paths() async throws {
    try await BuiltProgram.withFolder { folder in
      let keys = folder.appending(path: "keys")
      try FileManager.default.createDirectory(at: keys, withIntermediateDirectories: false)
      try Data("key".utf8).write(to: keys.appending(path: "acme"))
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: keys.appending(path: "acme").path)
      let result = try Self.run(["check", "--config", "-"], input: Self.configuration, in: folder)
      #expect(result.status == 0)
      #expect(result.text.contains("organization acme"))
      #expect(result.text.contains("quotawatch.sqlite will be made"))
      let variable = try Self.run(
        ["check"], input: Self.configuration, in: folder, environment: ["QUOTAWATCH_CONFIG": "-"])
      #expect(variable.status == 0)
    }
  }

  @Test("what is wrong with it is named by line and column")
  func errors() async throws {
    try await BuiltProgram.withFolder { folder in
      let result = try Self.run(["status", "--config", "-"], input: "{\n}", in: folder)
      #expect(result.status == ExitStatus.configuration.rawValue)
      #expect(result.text.contains("standard input:1:1: \"organizations\" is missing"))
    }
  }

  @Test("a command cannot read a second file from there")
  func twice() async throws {
    try await BuiltProgram.withFolder { folder in
      let result = try Self.run(["ledger", "import", "-", "--config", "-"], input: Self.configuration, in: folder)
      #expect(result.status == ExitStatus.usage.rawValue)
      #expect(result.text.contains("standard input is the configuration already; name a file instead of the second -"))
    }
  }
}
