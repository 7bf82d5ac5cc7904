import Foundation
import QuotaCore
import Sandbox

/// The vendor's own Python client, from PyPI, as `make deps` installs it.
enum VendorClient {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What `vendor_client.py` tells of each document, in its order.
  static func run(against sandbox: Sandbox) async throws -> [JSONNode] {
    let baseURL = sandbox.baseURL
    return try await onThread {
      let folder = FileManager.default.temporaryDirectory.appending(path: "quotawatch-client-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
      defer { try? FileManager.default.removeItem(at: folder) }
      let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "vendor_client.py").path
      let output = try run(try interpreter(in: folder), ["-B", script, baseURL, folder.path], in: folder)
      return try output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    }
  }

  /// The Python that has the client, which is installed if it is not there.
  private static func interpreter(in folder: URL) throws -> String {
    let package = URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
    return try run("\(package)/scripts/install-python.sh", ["vendor-client"], in: folder)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs a program to its end and returns what it printed.
  private static func run(_ path: String, _ arguments: [String], in folder: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let (output, errors) = (folder.appending(path: "stdout"), folder.appending(path: "stderr"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        description: "\(path) ends with \(process.terminationStatus): "
          + String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
    return String(decoding: try Data(contentsOf: output), as: UTF8.self)
  }
}
