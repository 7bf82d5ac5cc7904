import Foundation

/// A server that is one of the scripts beside this file, run as a process. It ends when it is no longer referred to.
package final class PythonServer: @unchecked Sendable {
  package let port: Int
  private let process: Process
  /// Its end tells the script to end, also if this process dies.
  private let input: Pipe
  private let lines: Observed<[String]>

  /// Runs a script and waits for the port, which it prints on its first line.
  ///
  /// - Parameter settings: what the script takes, as JSON.
  package init(_ script: String, _ settings: some Encodable) async throws {
    process = Process()
    input = Pipe()
    let output = Pipe()
    let arguments = [Self.path(of: script), String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)]
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-B"] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let lines = Observed<[String]>([])
    self.lines = lines
    serverThread { Self.read(output.fileHandleForReading, into: lines) }
    let first = await lines.when({ !$0.isEmpty }).first
    guard let port = first.flatMap({ Int($0) }) else {
      throw ServerError("\(script) does not start; are the packages of `make test` installed?")
    }
    self.port = port
  }

  deinit {
    stop()
  }

  /// Tells the script to end.
  package func stop() {
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.terminate() }
  }

  /// What it has printed after the port, once there are so many lines or the script has ended.
  package func lines(atLeast count: Int = 0) async -> [String] {
    Array(await lines.when { $0.count > count }.dropFirst())
  }

  /// The path of a file in the folder `scripts`.
  static func path(of script: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("scripts/\(script)").path
  }

  private static func read(_ output: FileHandle, into lines: Observed<[String]>) {
    var rest = Data()
    while let data = try? output.next(), !data.isEmpty {
      rest += data
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: rest[..<end], as: UTF8.self)
        rest = Data(rest[(end + 1)...])
        lines.change { $0.append(line) }
      }
    }
    lines.finish()
  }
}
