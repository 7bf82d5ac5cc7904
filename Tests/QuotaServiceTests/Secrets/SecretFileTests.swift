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

  @Test("a key that is replaced during a run counts from the next request on")
  func replaced() async throws {
    let resolver = SecretResolver(directory: folder.path, environment: [:])
    try folder.write("old", to: "k")
    #expect(try await resolver.secret(.file("k")).reveal() == "old")
    try folder.write("new", to: "k")
    #expect(try await resolver.secret(.file("k")).reveal() == "new")
  }

  @Test("a relative path is relative to the configuration's directory, and links are followed")
  func paths() async throws {
    try folder.write("key", to: "keys/acme")
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: "keys/acme")
    #expect(try await text("keys/acme") == "key")
    #expect(try await text("link") == "key")
  }

  @Test(
    "a file that others can change is refused with the command that helps", arguments: [0o620, 0o602, 0o660, 0o666])
  func writableModes(mode: Int) async throws {
    let path = try folder.write("hidden", to: "k", mode: mode)
    let words =
      "file \(path) is refused: other users can change it (mode \(String(mode, radix: 8))); run: chmod 600 \(path)"
    #expect(await message("k") == words)
    let resolver = SecretResolver(directory: folder.path, environment: [:])
    let shared = await #expect(throws: SecretError.self) { try await resolver.secret(.file("k", shared: true)) }
    #expect(shared?.message == words)
  }

  private static let sharing = "or say \"shared\": true beside \"file\" if that is meant"

  @Test("a file of ours that others can read is refused on a disk, unless it is said to be shared")
  func readableModes() async throws {
    for mode: mode_t in [0o640, 0o604, 0o601, 0o644, 0o444] {
      for user: uid_t in [1_000, 0] {
        #expect(
          Self.problem(mode, of: 1_000, for: user)
            == "other users can read it (mode \(String(mode, radix: 8))); run: chmod 600 /k, \(Self.sharing)")
      }
      #expect(Self.problem(mode, of: 1_000, for: 1_000, audience: .everybody) == nil)
    }
    try folder.write("key", to: "k", mode: 0o644)
    let resolver = SecretResolver(directory: folder.path, environment: [:])
    #expect(try await resolver.secret(.file("k", shared: true)).reveal() == "key")
  }

  @Test(
    "what root provides on a read-only mount or in memory is taken, also by root",
    arguments: [0o444, 0o644, 0o440, 0o400])
  func provided(mode: Int) {
    for place in [FilePlace(isReadOnly: true, isInMemory: false), FilePlace(isReadOnly: false, isInMemory: true)] {
      #expect(Self.problem(mode_t(mode), of: 0, in: place) == nil)
    }
    let memory = FilePlace(isReadOnly: false, isInMemory: true)
    #expect(Self.problem(0o666, of: 0, in: memory)?.hasPrefix("other users can change it") == true)
    #expect(Self.problem(0o644, of: 1_001, for: 1_000, in: memory)?.hasPrefix("it belongs to another user") == true)
    #expect(Self.problem(0o644, of: 1_001, for: 0, in: memory)?.hasPrefix("other users can read it") == true)
  }

  @Test("whether a file lies in memory is seen through a link")
  func places() async throws {
    let name = "/dev/shm/quotawatch-\(UInt64.random(in: 0 ... .max))"
    #expect(FileManager.default.createFile(atPath: name, contents: Data("key".utf8)))
    defer { try? FileManager.default.removeItem(atPath: name) }
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/data", withDestinationPath: name)
    let place = try LocalFile(opening: "\(folder.path)/data", waiting: false).place()
    #expect(place.isInMemory)
    #expect(!place.isReadOnly)
    #expect(try !LocalFile(opening: "/proc/self/status", waiting: false).place().isInMemory)
  }

  private static func problem(
    _ mode: mode_t, of owner: uid_t, for user: uid_t = geteuid(),
    in place: FilePlace = FilePlace(isReadOnly: false, isInMemory: false), audience: SecretFile.Audience = .owner
  ) -> String? {
    var status = stat()
    (status.st_mode, status.st_uid) = (S_IFREG | mode, owner)
    return SecretFile(path: "/k", audience: audience).problem(of: status, in: place, for: user)
  }

  @Test(
    "what nobody sees is named with its place",
    arguments: [
      ("\u{FEFF}hidden", "its character 1 is U+FEFF (byte order mark), which nobody sees"),
      ("hid\u{A0}den", "its character 4 is U+00A0 (no-break space), which nobody sees"),
      ("hidden\u{200B}\n", "its character 7 is U+200B (zero width space), which nobody sees"),
    ])
  func invisible(written: String, reason: String) async throws {
    let path = try folder.write(written, to: "k")
    #expect(await message("k") == "file \(path) is refused: \(reason); put nothing but the secret into it")
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

  @Test("a pipe is refused at once, though nobody writes to it", .timeLimit(.minutes(5)))
  func pipe() async throws {
    let path = "\(folder.path)/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    #expect(await message("pipe") == "file \(path) is refused: it is not a regular file")
  }

  @Test("a file of another user is refused, one of root is taken, and root takes what its owner alone can read")
  func owners() {
    #expect(
      Self.problem(0o600, of: 1_001, for: 1_000)
        == "it belongs to another user (uid 1001); run: chown 1000 /k, \(Self.sharing)")
    #expect(Self.problem(0o600, of: 1_001, for: 1_000, audience: .everybody) == nil)
    #expect(Self.problem(0o600, of: 0, for: 1_000) == nil)
    #expect(Self.problem(0o600, of: 1_001, for: 0) == nil)
    #expect(Self.problem(0o620, of: 1_001, for: 0)?.hasPrefix("other users can change it") == true)
  }

  @Test("a file of root may be readable by its group, whoever reads it", arguments: [0, 1_000])
  func groupOfRoot(user: uid_t) {
    #expect(Self.problem(0o640, of: 0, for: user) == nil)
    #expect(Self.problem(0o644, of: 0, for: user)?.hasPrefix("other users can read it") == true)
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
    #expect(
      await message("large")
        == "file \(path) cannot be read: it has more than 65,536 bytes; check whether it is the right file")
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
        == "credential open is refused: other users can read it (mode 444); run: chmod 600 \(open), \(Self.sharing)")
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
