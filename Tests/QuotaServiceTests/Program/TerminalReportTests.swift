import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Reports on a terminal")
struct TerminalReportTests {
  @Test("are tables to read, and files where a format or a file is named", .timeLimit(.minutes(5)))
  func tables() async throws {
    try await JSONProgramTests.Trial.run { trial async throws in
      for command in ["backfill --from \(trial.month)", "invoice import invoice.csv"] {
        _ = try await trial.run(command)
      }
      let usage = try trial.program.runOnTerminal("report usage --from \(trial.month)")
      #expect(usage.lines.first?.hasPrefix("ORGANIZATION  MONTH    METRIC") == true)
      #expect(usage.lines.contains { $0.contains("1,234,567") })
      let reconciliation = try trial.program.runOnTerminal("report reconciliation \(trial.month)")
      #expect(reconciliation.status == ExitStatus.notMatched.rawValue)
      #expect(reconciliation.lines.first?.hasPrefix("ORGANIZATION  ROW") == true)
      #expect(reconciliation.lines.contains { $0.hasPrefix("total ") })
      let focus = try trial.program.runOnTerminal("report focus \(trial.month) --focus-version 1.2")
      #expect(focus.lines.last?.hasSuffix("12,245.67 EUR") == true)
      let named = try trial.program.runOnTerminal("report reconciliation \(trial.month) --format csv")
      #expect(named.lines.first?.hasPrefix("schema_version,") == true)
      let piped = try await trial.run("report reconciliation \(trial.month)")
      #expect(piped.output.hasPrefix("schema_version,"))
    }
  }

  @Test("are written nowhere where standard output is closed", .timeLimit(.minutes(5)))
  func closed() async throws {
    try await JSONProgramTests.Trial.run { trial async throws in
      _ = try await trial.run("backfill --from \(trial.month)")
      for command in ["report usage --from \(trial.month)", "status"] {
        let result = try trial.program.runWithoutOutput(command)
        #expect(result.status == ExitStatus.inputOutput.rawValue)
        #expect(result.errors == "quotawatch: cannot write standard output: it is closed\n")
      }
    }
  }

  @Test("are never binary, and one line says what to do", .timeLimit(.minutes(5)))
  func binary() async throws {
    try await JSONProgramTests.Trial.run { trial async throws in
      _ = try await trial.run("backfill --from \(trial.month)")
      for place in ["", " -o /dev/tty", " -o /dev/stdout"] {
        let result = try trial.program.runOnTerminal("report reconciliation \(trial.month) --format xlsx\(place)")
        #expect(result.status == ExitStatus.usage.rawValue, "\(place)")
        #expect(
          result.lines == ["quotawatch: xlsx is nothing that a terminal can show; name a file with -o"], "\(place)")
      }
      let file = try await trial.run("report reconciliation \(trial.month) --fail-on none -o report.xlsx")
      #expect(file.status == 0)
      let bytes = try Data(contentsOf: trial.program.folder.appending(path: "report.xlsx"))
      #expect(bytes.starts(with: Array("PK".utf8)))
    }
  }
}

extension BuiltProgram {
  /// What the program says, and its exit code, where its standard output is closed.
  fileprivate func runWithoutOutput(_ arguments: String) throws -> (errors: String, status: Int32) {
    let process = Process()
    let errors = folder.appending(path: "errors-\(UUID())")
    try Data().write(to: errors)
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exec \(try Self.binary.path) \(arguments) >&-"]
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { $1 }
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (try String(contentsOf: errors, encoding: .utf8), process.terminationStatus)
  }

  /// What a person sees of the program, and its exit code.
  func runOnTerminal(_ arguments: String, columns: Int = 200) throws -> (lines: [String], status: Int32) {
    let process = Process()
    let output = folder.appending(path: "terminal-\(UUID())")
    try Data().write(to: output)
    process.executableURL = URL(filePath: "/usr/bin/script")
    process.arguments = ["-qec", "\(try Self.binary.path) \(arguments)", "/dev/null"]
    process.currentDirectoryURL = folder
    let variables = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "TERM": "dumb", "COLUMNS": "\(columns)"]
    process.environment = variables.merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: output, encoding: .utf8).replacing("\r\n", with: "\n")
    let lines = text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("warning: ") }
    return (lines, process.terminationStatus)
  }
}
