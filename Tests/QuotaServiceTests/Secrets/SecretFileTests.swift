import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Secrets in files")
struct SecretFileTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func message(_ path: String, _ environment: [String: String] = [:]) async -> String? {
    let resolver = SecretResolver(directory: folder.path, environment: environment)
    return await #expect(throws: SecretError.self) { try await resolver.secret(.file(path)) }?.message
  }

  private func text(_ path: String, _ environment: [String: String] = [:]) async throws -> String {
    try await SecretResolver(directory: folder.path, environment: environment).secret(.file(path)).reveal()
  }

  @Test(
    "the content is the secret, without the line break at its end",
    arguments: [("key", "key"), ("key\n", "key"), ("key\r\n", "key"), (" k e y ", " k e y "), ("kéy", "kéy")])
  func content(written: String, secret: String) async throws {
    #expect(try await text(folder.write(written, to: "k")) == secret)
  }

  @Test("a relative path is relative to the configuration's directory, and links are followed")
  func paths() async throws {
    try folder.write("key", to: "keys/acme")
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: "keys/acme")
    #expect(try await text("keys/acme") == "key")
    #expect(try await text("link") == "key")
  }

  @Test(
    "a file that others can read or change is refused with the command that helps",
    arguments: [0o640, 0o604, 0o620, 0o601, 0o644])
  func modes(mode: Int) async throws {
    let path = try folder.write("hidden", to: "k", mode: mode)
    #expect(
      await message("k")
        == "file \(path) is refused: other users can read or change it (mode \(String(mode, radix: 8))); run: chmod 600 \(path)"
    )
  }

  @Test("a file that only the owner can read is taken", arguments: [0o600, 0o400, 0o700])
  func privateModes(mode: Int) async throws {
    #expect(try await text(folder.write("key", to: "k", mode: mode)) == "key")
  }

  @Test(
    "what cannot be a secret is refused without being repeated",
    arguments: [
      ("", "it is empty"), ("\n", "it is empty"),
      ("hid\nden", "it holds a line break, a NUL or another control character"),
      ("hid\u{0}den", "it holds a line break, a NUL or another control character"),
      ("hidden\n\n", "it holds a line break, a NUL or another control character"),
    ])
  func defects(written: String, reason: String) async throws {
    let path = try folder.write(written, to: "k")
    #expect(await message("k") == "file \(path) is refused: \(reason); put nothing but the secret into it")
  }

  @Test("text that is not UTF-8 is refused")
  func encoding() async throws {
    let path = try folder.write("x", to: "k")
    try Data([0xFF, 0xFE]).write(to: URL(filePath: path))
    #expect(await message("k") == "file \(path) is refused: it is not UTF-8; put nothing but the secret into it")
  }

  @Test("a pipe is refused at once, though nobody writes to it", .timeLimit(.minutes(1)))
  func pipe() async throws {
    let path = "\(folder.path)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    #expect(await message("pipe") == "file \(path) is refused: it is not a regular file")
  }

  @Test("a file of another user is refused, one of root is taken")
  func owners() {
    var status = stat()
    status.st_mode = S_IFREG | 0o600
    status.st_uid = geteuid() + 1
    let file = SecretFile(path: "/k", audience: .owner)
    #expect(
      file.problem(of: status)
        == "it belongs to another user (uid \(geteuid() + 1)); run: chown \(geteuid()) /k")
    status.st_uid = 0
    #expect(file.problem(of: status) == nil)
  }

  @Test("directories and devices are refused")
  func others() async throws {
    #expect(await message(folder.path) == "file \(folder.path) is refused: it is not a regular file")
    #expect(await message("/dev/zero") == "file /dev/zero is refused: it is not a regular file")
  }

  @Test("a file that is missing, or too large for a secret")
  func unreadable() async throws {
    #expect(
      await message("none")
        == "file \(folder.path)/none cannot be read: there is no such file; check the path and who owns it")
    let path = try folder.write(String(repeating: "x", count: 65_537), to: "large")
    #expect(await message("large") == "file \(path) cannot be read: it is too large; check the path and who owns it")
    #expect(
      await message("a\u{0}b")?.hasSuffix("cannot be read: Invalid argument; check the path and who owns it") == true)
  }

  @Test("a credential of systemd may be readable by its group, and by nobody else")
  func credentials() async throws {
    let environment = ["CREDENTIALS_DIRECTORY": folder.path]
    let path = try folder.write("key\n", to: "acme", mode: 0o440)
    let resolver = SecretResolver(environment: environment)
    #expect(try await resolver.secret(.credential("acme")).reveal() == "key")
    #expect(try await text(path, environment) == "key")
    let open = try folder.write("key\n", to: "open", mode: 0o444)
    let error = await #expect(throws: SecretError.self) { try await resolver.secret(.credential("open")) }
    #expect(
      error?.message
        == "credential open is refused: other users can read or change it (mode 444); run: chmod 600 \(open)")
  }

  @Test("a credential that is not there says how to give it to the service")
  func missingCredential() async throws {
    let none = SecretResolver(environment: [:])
    let first = await #expect(throws: SecretError.self) { try await none.secret(.credential("acme")) }
    #expect(
      first?.message
        == "credential acme: CREDENTIALS_DIRECTORY is not set; systemd sets it for a service with LoadCredential=acme:PATH"
    )
    let some = SecretResolver(environment: ["CREDENTIALS_DIRECTORY": folder.path])
    let second = await #expect(throws: SecretError.self) { try await some.secret(.credential("acme")) }
    #expect(
      second?.message == "credential acme: there is no such file; give the service LoadCredential=acme:PATH")
  }
}

@Suite("Secrets in variables")
struct SecretVariableTests {
  @Test("the value is the secret")
  func value() async throws {
    let resolver = SecretResolver(environment: ["KEY": "secret\n"])
    #expect(try await resolver.secret(.environment("KEY")).reveal() == "secret")
  }

  @Test(
    "a variable that gives no secret is named, its value is not",
    arguments: [
      ("NONE", "environment variable NONE is not set; set it where quotawatch runs"),
      (
        "EMPTY",
        "environment variable EMPTY cannot be a secret: it is empty; set it to the secret where quotawatch runs"
      ),
      (
        "TWO",
        "environment variable TWO cannot be a secret: it holds a line break, a NUL or another control character; "
          + "set it to the secret where quotawatch runs"
      ),
    ])
  func problems(name: String, message: String) async {
    let resolver = SecretResolver(environment: ["EMPTY": "", "TWO": "hid\nden"])
    let error = await #expect(throws: SecretError.self) { try await resolver.secret(.environment(name)) }
    #expect(error?.message == message)
  }
}
