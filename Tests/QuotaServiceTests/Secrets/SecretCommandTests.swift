import Foundation
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Secrets that programs print")
struct SecretCommandTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func resolver(
    _ environment: [String: String] = [:], hidden: Set<String> = [], deadline: Duration = .seconds(600)
  ) -> SecretResolver {
    SecretResolver(
      directory: folder.path, environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 },
      hiddenVariables: hidden, commandDeadline: deadline)
  }

  private func shell(_ script: String) -> SecretReference { .command(["sh", "-c", script]) }

  private func message(_ reference: SecretReference, deadline: Duration = .seconds(600)) async -> String? {
    let resolver = resolver(deadline: deadline)
    return await #expect(throws: SecretError.self) { try await resolver.secret(reference) }?.message
  }

  @Test("the first line is the secret, and the rest is thrown away")
  func firstLine() async throws {
    #expect(try await resolver().secret(.command(["printf", "key\\nurl: x\\n"])).reveal() == "key")
    #expect(try await resolver().secret(.command(["printf", "key"])).reveal() == "key")
  }

  @Test("arguments go to the program as they are, past any shell")
  func noShell() async throws {
    #expect(try await resolver().secret(.command(["echo", "$HOME; `id` *"])).reveal() == "$HOME; `id` *")
  }

  @Test("a program with a slash is relative to the configuration's directory")
  func relativeProgram() async throws {
    try folder.write("#!/bin/sh\necho \"key $1\"\n", to: "bin/key", mode: 0o700)
    #expect(try await resolver().secret(.command(["bin/key", "acme"])).reveal() == "key acme")
    #expect(try await resolver().secret(.command(["\(folder.path)/bin/key", "b"])).reveal() == "key b")
  }

  @Test("a program sees what it needs to find its store, and no secret")
  func environment() async throws {
    let environment = [
      "HOME": "/h", "LC_ALL": "C", "GNUPGHOME": "/g", "DOCUTRAY_API_KEY": "hidden", "SMTP_PASSWORD": "hidden",
      "USER": "hidden", "CREDENTIALS_DIRECTORY": "/c",
    ]
    let output = try await resolver(environment, hidden: ["USER"]).secret(
      shell("env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= | sort | tr '\\n' ' '"))
    #expect(output.reveal() == "GNUPGHOME=/g HOME=/h LC_ALL=C PATH=/usr/bin:/bin ")
  }

  @Test("a program that fails is told by its status, without what it says")
  func failing() async {
    #expect(
      await message(shell("echo hidden; echo hidden >&2; exit 3"))
        == "command sh: it ended with status 3; run it by hand as this user to see why")
    #expect(
      await message(shell("kill -9 $$"))
        == "command sh: it was ended by signal 9; run it by hand as this user to see why")
  }

  @Test("a program that is not there")
  func missing() async {
    let reason = "there is no such program; install it, or give its full path"
    #expect(await message(.command(["quotawatch-none", "hidden"])) == "command quotawatch-none: \(reason)")
    #expect(await message(.command(["/nowhere/x"])) == "command /nowhere/x: \(reason)")
  }

  @Test(
    "output that cannot be a secret",
    arguments: [
      ("true", "it is empty"), ("echo; echo x", "it is empty"),
      ("printf 'a\\tb'", "it holds a line break, a NUL or another control character"),
    ])
  func defects(script: String, reason: String) async {
    #expect(await message(shell(script)) == "command sh: the first line that it prints cannot be a secret: \(reason)")
  }

  @Test("output without end is cut off")
  func endless() async {
    #expect(await message(.command(["yes"])) == "command yes: it printed more than 65,536 bytes")
  }

  @Test("a program that takes too long is ended, with the programs that it started", .timeLimit(.minutes(5)))
  func deadline() async throws {
    let path = "\(folder.path)/pid"
    let reason = await message(shell("sleep 600 & echo $! > \(path); wait"), deadline: .seconds(1))
    #expect(reason == "command sh: it did not end within 1 s; it must not ask for anything")
    let child = try #require(Int32(String(contentsOfFile: path, encoding: .utf8).dropLast()))
    try await Self.waitUntilEnded(child)
  }

  @Test("a program gets no input and no terminal")
  func noInput() async throws {
    let script = "if read line; then echo input; elif (: </dev/tty) 2>/dev/null; then echo terminal; else echo none; fi"
    #expect(try await resolver().secret(shell(script)).reveal() == "none")
  }

  @Test("the same program runs once, however many ask")
  func once() async throws {
    let resolver = resolver()
    let script = shell("echo x >> \(folder.path)/runs; echo key")
    let secrets = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<20 { group.addTask { try await resolver.secret(script).reveal() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(secrets == Array(repeating: "key", count: 20))
    _ = try await resolver.secret(script)
    #expect(try String(contentsOfFile: "\(folder.path)/runs", encoding: .utf8) == "x\n")
  }

  @Test("a program that failed is not run again")
  func failureOnce() async throws {
    let resolver = resolver()
    for _ in 0..<3 {
      await #expect(throws: SecretError.self) {
        try await resolver.secret(self.shell("echo x >> \(self.folder.path)/runs; exit 1"))
      }
    }
    #expect(try String(contentsOfFile: "\(folder.path)/runs", encoding: .utf8) == "x\n")
  }

  @Test("at most four programs run at a time")
  func few() async throws {
    let resolver = resolver()
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<12 {
        let script = shell(
          "cd \(folder.path); touch running.\(number); ls running.* | wc -l; sleep 0.05; rm running.\(number)")
        group.addTask { Int(try await resolver.secret(script).reveal()) ?? .max }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.count == 12)
    #expect((counts.max() ?? 0) <= 4)
  }

  @Test("a program is ended when nobody waits for it any more, and asked again later", .timeLimit(.minutes(5)))
  func cancelled() async throws {
    let resolver = resolver()
    let path = "\(folder.path)/pid"
    let script = shell(
      "if [ -e \(path) ]; then echo key; else echo $$ > \(path).new; mv \(path).new \(path); sleep 600; fi")
    let waiting = Task { try await resolver.secret(script) }
    while !FileManager.default.fileExists(atPath: path) { await Task.yield() }
    waiting.cancel()
    let error = await #expect(throws: SecretError.self) { try await waiting.value }
    #expect(error?.message == "command sh: interrupted")
    let process = try #require(Int32(String(contentsOfFile: path, encoding: .utf8).dropLast()))
    try await Self.waitUntilEnded(process)
    #expect(try await resolver.secret(script).reveal() == "key")
  }

  /// Waits until a process has ended, even if nobody has collected its status yet.
  private static func waitUntilEnded(_ process: Int32) async throws {
    while kill(process, 0) == 0 {
      let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
      if status.contains(") Z ") { return }
      await Task.yield()
    }
  }
}

@Suite("Programs that print many secrets")
struct PrintedSecretsTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func resolver() -> SecretResolver {
    SecretResolver(directory: folder.path, environment: ["PATH": "/usr/bin:/bin"])
  }

  private func print(_ text: String) -> [String] { ["printf", "%s", text] }

  private func message(_ output: String, _ field: String) async -> String? {
    let (resolver, reference) = (resolver(), SecretReference.command(print(output), field: field))
    return await #expect(throws: SecretError.self) { try await resolver.secret(reference) }?.message
  }

  @Test(
    "a field is a member of a JSON object, or a line NAME=VALUE",
    arguments: [
      (#"{"acme": "k1", "b": {"c.d": {"e": "k2"}}}"#, "acme", "k1"),
      (#" {"acme": "k1", "b": {"c.d": {"e": "k2"}}}"#, "b.c.d.e", "k2"),
      (#"{"a.b": "k3", "a": {"b": "no"}}"#, "a.b", "k3"),
      ("# keys\nacme=k1\n\nb = k=2 \n", "b", "k=2"), ("acme=k1\r\nb=\"k 2\"\r\n", "b", "k 2"),
      ("export acme='k1'\nb=\"", "acme", "k1"), ("export acme='k1'\nb=\"", "b", "\""),
    ])
  func fields(output: String, field: String, secret: String) async throws {
    #expect(try await resolver().secret(.command(print(output), field: field)).reveal() == secret)
  }

  @Test("it runs once for all of them, and is taken apart once")
  func once() async throws {
    let names = (0..<500).map { "org-\($0)" }
    let text = names.map { "\($0)=key of \($0)" }.joined(separator: "\n")
    try folder.write("#!/bin/sh\necho x >> runs\ncat keys\n", to: "all", mode: 0o700)
    try folder.write(text, to: "keys")
    let (resolver, command) = (resolver(), ["sh", "-c", "cd \(folder.path) && exec ./all"])
    let secrets = try await withThrowingTaskGroup(of: String.self) { group in
      for name in names { group.addTask { try await resolver.secret(.command(command, field: name)).reveal() } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(secrets == Set(names.map { "key of \($0)" }))
    #expect(try String(contentsOfFile: "\(folder.path)/runs", encoding: .utf8) == "x\n")
  }

  @Test(
    "what it prints is never shown",
    arguments: [
      (#"{"hidden": "hidden"}"#, "it printed a JSON object without it"),
      ("hidden=hidden", "it printed no line that begins with this name and ="),
      ("hidden", "it printed no line that begins with this name and ="),
      (#"{"acme": 5}"#, "there it printed a number, and no text"),
      (#"{"acme": {"hidden": "hidden"}}"#, "there it printed an object, and no text"),
      (
        #"{"acme": "hid\tden"}"#,
        "what it printed there cannot be a secret: it holds a line break, a NUL or another control character"
      ),
      ("acme=", "what it printed there cannot be a secret: it is empty"),
      ("hidden=hidden\nhidden=hidden", "it printed the same name twice; which one counts cannot be told"),
      (#"{"acme": "hidden","#, "it printed no JSON object, though it begins like one (line 1, column 19)"),
    ])
  func failures(output: String, reason: String) async {
    #expect(await message(output, "acme") == "field acme of command printf: \(reason)")
  }

  @Test("a program that fails is told once for each field, without what it says")
  func failing() async {
    let (resolver, command) = (resolver(), ["sh", "-c", "echo acme=hidden; echo hidden >&2; exit 3"])
    let error = await #expect(throws: SecretError.self) { try await resolver.secret(.command(command, field: "acme")) }
    #expect(error?.message == "command sh: it ended with status 3; run it by hand as this user to see why")
  }
}

@Suite("The secrets of a configuration")
struct ConfigurationSecretsTests {
  @Test("variables that the configuration uses as secrets are hidden from its programs")
  func hidden() async throws {
    let configuration = try ConfigurationDecodingTests.decode(
      """
      {"organizations": [{"id": "a", "api_key": {"env": "USER"}},
                         {"id": "b", "api_key": {"command": ["sh", "-c", "echo \\"[$USER][$LOGNAME]\\""]}}]}
      """, directory: "/")
    let resolver = SecretResolver(configuration, environment: ["PATH": "/bin", "USER": "hidden", "LOGNAME": "me"])
    let keys = configuration.organizations.map(\.apiKey)
    #expect(try await resolver.secret(keys[0]).reveal() == "hidden")
    #expect(try await resolver.secret(keys[1]).reveal() == "[][me]")
  }
}
