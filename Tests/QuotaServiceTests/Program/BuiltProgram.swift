import Foundation
import Subprocess

/// The real binary, as a user runs it, in a folder and an environment of its own.
struct BuiltProgram: Sendable {
  let folder: URL
  var environment: [String: String] = [:]

  /// What a finished program has left.
  struct Result: Sendable {
    let status: Int32
    let wasKilled: Bool
    let output: String
    let errors: String
  }

  /// The binary stands beside the test bundle.
  static var binary: URL {
    get throws {
      let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return URL(filePath: tests).deletingLastPathComponent().appending(path: "quotawatch")
    }
  }

  /// Makes an empty folder that is removed after the body.
  static func withFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "quotawatch-program-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
  }

  /// Starts the program and returns when it has ended.
  ///
  /// - Parameters:
  ///   - signal: what it is killed by.
  ///   - meanwhile: goes on beside it, and gets a way to kill it.
  func run(
    _ arguments: [String], signal: Signal = .kill,
    meanwhile: (_ kill: () throws -> Void) async throws -> Void = { _ in }
  ) async throws -> Result {
    let variables = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { $1 }
    let ended = try await Subprocess.run(
      .path(Self.literal(try Self.binary.path)), arguments: Arguments(arguments),
      environment: .custom(variables.reduce(into: [:]) { $0[Self.literal($1.key)] = $1.value }),
      workingDirectory: Self.literal(folder.path), input: .none, output: .string(limit: 1 << 22),
      error: .string(limit: 1 << 22)
    ) { execution in
      try await meanwhile { try execution.send(signal: signal) }
    }
    let status: (code: Int32, wasKilled: Bool) =
      switch ended.terminationStatus {
      case .exited(let code): (code, false)
      case .signaled(let signal): (128 + signal, true)
      }
    return Result(
      status: status.code, wasKilled: status.wasKilled, output: ended.standardOutput,
      errors: ended.standardError)
  }

  /// Subprocess takes paths and names of variables as types that another package makes; both can be written as text.
  private static func literal<Value: ExpressibleByStringLiteral>(_ text: String) -> Value
  where Value.StringLiteralType == String {
    Value(stringLiteral: text)
  }
}
