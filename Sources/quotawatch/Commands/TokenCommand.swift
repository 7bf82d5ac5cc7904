import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService

struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Make, list and revoke the tokens that people and programs show to `serve`.",
    discussion: """
      A person signs in on the pages with a token; a program shows it as `Authorization: Bearer …`. Tokens can stand in the \
      configuration, too; those that are made here need no restart. docs/serve.md has more.

      Examples:
        quotawatch token add mara-phone --scope read --scope act --expires 90d
        quotawatch token list
        quotawatch token revoke mara-phone
      """,
    subcommands: [TokenAddCommand.self, TokenListCommand.self, TokenRevokeCommand.self])
}

struct TokenAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Make a token, and print it once: only its hash is kept.",
    discussion: """
      Scopes: read (pages and API), metrics (/metrics), act (acknowledge, silence, resend, accept …), admin (read the \
      configuration anew).

      Examples:
        quotawatch token add mara-phone --scope read --scope act
        quotawatch token add client-page --scope read --organization acme --expires 30d
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "What the token is called where it is spoken of, such as mara-phone.")
  var name: String

  @Option(
    name: .customLong("scope"),
    help: ArgumentHelp("What it is good for: read, metrics, act or admin; can be repeated.", valueName: "scope"))
  var scopes: [AccessScope]

  @OptionGroup var choice: OrganizationFilter

  @Option(
    help: ArgumentHelp(
      "Its end: a length of time such as 90d, a moment, a day or tomorrow; it lasts until it is revoked without.",
      valueName: "time"), transform: TimeArgument.parseComing)
  var expires: TimeArgument?

  @Flag(help: "Print the token as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    var request = AddToken.Request(name: name, scopes: scopes)
    request.organizations = try choice.ids(in: service.configuration)
    request.expiresAt = expires?.moment(in: service)
    let (text, token) = try await service.addToken(request)
    guard !json else {
      Console.standardOutput.printJSON(JSONText.pretty(TokenOutput(token, text: text, now: service.world.now())))
      return
    }
    Console.standardOutput.print(text)
    let scopes = token.scopes.map(\.rawValue).joined(separator: ", ")
    let time = try common.time
    let end = token.expiresAt.map { "until \(time($0))" } ?? "until it is revoked"
    Console.standardError.print("\(token.name) is good for \(scopes) \(end); it is shown this once")
  }
}

struct TokenListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the tokens that were made here, and when each was used last.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Also list those that have expired or were revoked.")
  var all = false

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() async throws {
    let service = try common.service()
    let (tokens, now, time) = (try await service.tokens(all: all), service.world.now(), try common.time)
    guard !json else {
      Console.standardOutput.printJSON(JSONText.list("tokens", tokens.map { TokenOutput($0, now: now) }))
      return
    }
    guard !tokens.isEmpty else {
      Console.standardOutput.print(all ? "No token was made so far." : "No token is valid.")
      return
    }
    var table = TextTable([
      .init("NAME", widths: 8...40), .init("SCOPES"), .init("ORGANIZATIONS", widths: 5...40, rank: 1),
      .init("MADE", rank: 3), .init("EXPIRES", rank: 2), .init("LAST USED"), .init("STATE", rank: 4),
    ])
    for token in tokens {
      table.add([
        .init(token.name), .init(token.scopes.map(\.rawValue).joined(separator: ", ")),
        .init(token.organizations.map { $0.map(\.rawValue).joined(separator: ", ") } ?? "all"),
        .init(time(token.createdAt)), .init(token.expiresAt.map { time($0) } ?? "never"),
        .init(token.lastUsedAt.map { time($0) } ?? "never"), .init(token.state(at: now).rawValue),
      ])
    }
    Console.standardOutput.print(table)
  }
}

struct TokenRevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "End a token: a server that runs takes it no more.")

  @OptionGroup var common: CommonOptions

  @Argument(help: "Its name, as `token list` shows it.")
  var name: String

  func run() async throws {
    try await common.service().revokeToken(name)
    Console.standardOutput.print("\(name) is revoked")
  }
}

extension AccessScope: ExpressibleByArgument {}

/// A token as JSON.
private struct TokenOutput: Encodable {
  let name: String
  /// Only where it was made just now.
  let token: String?
  let scopes: [String]
  let organizationIds: [OrganizationID]?
  let createdAt: Date
  let createdBy: String
  let expiresAt: Date?
  let lastUsedAt: Date?
  let revokedAt: Date?
  let state: String

  init(_ stored: StoredToken, text: String? = nil, now: Date) {
    (name, token, scopes) = (stored.name, text, stored.scopes.map(\.rawValue))
    (organizationIds, createdAt, createdBy) = (stored.organizations, stored.createdAt, stored.createdBy)
    (expiresAt, lastUsedAt, revokedAt) = (stored.expiresAt, stored.lastUsedAt, stored.revokedAt)
    state = stored.state(at: now).rawValue
  }
}
