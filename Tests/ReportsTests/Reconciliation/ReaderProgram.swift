import Foundation
import Testing

/// A program that reads what we write, from a Debian package that `make deps` installs.
struct ReaderProgram {
  let path: String
  let debianPackage: String

  static let hledger = ReaderProgram(path: "/usr/bin/hledger", debianPackage: "hledger")
  static let libreOffice = ReaderProgram(path: "/usr/bin/soffice", debianPackage: "libreoffice-calc-nogui")
  static let python = ReaderProgram(path: "/usr/bin/python3", debianPackage: "python3")

  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  struct Result {
    let code: Int32
    let output: String
    let errors: String
  }

  func run(_ arguments: [String], in folder: URL) throws -> Result {
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Missing(
        description: "\(path) is missing: install the Debian package \(debianPackage), as \"make deps\" does")
    }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "LC_ALL": "C.UTF-8"]
    let (output, errors) = (folder.appending(path: "stdout"), folder.appending(path: "stderr"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Result(
      code: process.terminationStatus, output: try String(decoding: Data(contentsOf: output), as: UTF8.self),
      errors: try String(decoding: Data(contentsOf: errors), as: UTF8.self))
  }

  /// Lets a test work in a folder of its own.
  static func inFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "quotawatch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}
