import Foundation
import Glibc
import Reports
import Testing

@Suite("The destination of a report")
final class ReportDestinationTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "quotawatch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func write(_ text: String, to path: String) throws {
    try ReportDestination.file(path: path).write { sink in
      try Array(text.utf8).withUnsafeBytes(sink)
    }
  }

  private func contents(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  private func permissions(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
    return try #require(attributes[.posixPermissions] as? Int)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// The message of the error that some work ends with.
  private func message(of work: () throws -> Void) throws -> String {
    try #require(#expect(throws: OutputError.self, performing: work)).message
  }

  @Test("is a new file that others may read, as far as the umask lets them")
  func newFile() throws {
    try write("new", to: path("usage.csv"))
    #expect(try contents("usage.csv") == "new")
    // The mode that this process gives to any new file.
    #expect(FileManager.default.createFile(atPath: path("other"), contents: nil, attributes: nil))
    #expect(try permissions("usage.csv") == permissions("other") & 0o644)
    #expect(try names() == ["other", "usage.csv"])
  }

  @Test("keeps the permissions of the file that it replaces")
  func permissions() throws {
    try write("old and longer", to: path("usage.csv"))
    #expect(chmod(path("usage.csv"), 0o600) == 0)
    try write("new", to: path("usage.csv"))
    #expect(try contents("usage.csv") == "new")
    #expect(try permissions("usage.csv") == 0o600)
  }

  @Test("shows readers the old file until the new one is complete")
  func replacement() throws {
    try write("old", to: path("usage.csv"))
    try ReportDestination.file(path: path("usage.csv")).write { sink in
      try Array("new".utf8).withUnsafeBytes(sink)
      #expect(try self.contents("usage.csv") == "old")
      #expect(try self.names().count == 2)
    }
    #expect(try contents("usage.csv") == "new")
  }

  @Test("is the old file, and nothing is left over, when the report fails")
  func failure() throws {
    struct Failure: Error {}
    try write("old", to: path("usage.csv"))
    #expect(throws: Failure.self) {
      try ReportDestination.file(path: self.path("usage.csv")).write { sink in
        try Array("half".utf8).withUnsafeBytes(sink)
        throw Failure()
      }
    }
    #expect(try contents("usage.csv") == "old")
    #expect(try names() == ["usage.csv"])
  }

  @Test("follows a symbolic link instead of replacing it")
  func link() throws {
    try write("old", to: path("usage.csv"))
    #expect(symlink("usage.csv", path("link.csv")) == 0)
    try write("new", to: path("link.csv"))
    #expect(try contents("usage.csv") == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path("link.csv")) == "usage.csv")
  }

  @Test("is written straight to a device, and says that it is full")
  func fullDevice() throws {
    let message = try message { try self.write("x", to: "/dev/full") }
    #expect(message == "cannot write /dev/full: No space left on device; free some space or choose another place")
    var status = stat()
    #expect(stat("/dev/full", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("names a directory that is missing")
  func missingDirectory() throws {
    let path = path("nowhere/usage.csv")
    let message = try message { try self.write("x", to: path) }
    #expect(message == "cannot write \(path): No such file or directory; create its directory first")
  }

  @Test("is not a directory, and not nothing")
  func directory() throws {
    let message = try message { try self.write("x", to: self.folder.path) }
    #expect(message == "cannot write \(folder.path): it is a directory; name a file in it")
    #expect(throws: OutputError.self) { try self.write("x", to: "") }
  }

  @Test("reports its own error when somebody between has dressed it up")
  func disguisedError() throws {
    struct Disguise: Error {}
    let message = try message {
      try ReportDestination.file(path: "/dev/full").write { sink in
        do { try [UInt8(1)].withUnsafeBytes(sink) } catch { throw Disguise() }
      }
    }
    #expect(message.contains("No space left"))
  }

  @Test("ends quietly when the reader of a pipe has gone away")
  func closedPipe() throws {
    let pipe = path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    // A reader that is there when the pipe is opened, so that opening does not wait, and gone afterwards.
    let reader = open(pipe, O_RDONLY | O_NONBLOCK)
    var reached = 0
    try ReportDestination.file(path: pipe).write { sink in
      close(reader)
      reached = 1
      try [UInt8(1)].withUnsafeBytes(sink)
      reached = 2
    }
    #expect(reached == 1)
  }

  @Test("gets every byte, however large a piece is")
  func largePieces() throws {
    let text = String(repeating: "0123456789abcdef", count: 200_000)
    try write(text, to: path("usage.csv"))
    #expect(try contents("usage.csv") == text)
  }
}
