import ArgumentParser
import FoundationEssentials
import QuotaCore
import QuotaService
import WebServer

struct EmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Make a token that shows one organization on pages of your own.",
    discussion: """
      Whoever has it sees that organization, and nothing else, until it expires: on the page /embed/ORGANIZATION of \
      `quotawatch serve`, made for frames, and at /api/v1/organizations/ORGANIZATION; or, with --badge, in the picture \
      /badge/ORGANIZATION.svg. It is signed with "embed": {"secret": …} of the configuration; another secret revokes all. \
      docs/embed.md has more.

      Examples:
        quotawatch embed acme
        quotawatch embed acme --for 15m --json
        quotawatch embed acme --badge --for 90d
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The organization.", completion: .custom(KnownNames.organizations))
  var organization: String

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "For how long, such as 15m or 24h: 24h at most, which is usual; for a badge up to ten years, usually a year.",
      valueName: "time"), transform: TimeSpan.parse)
  var span: TimeSpan?

  @Flag(help: "Make a token for the badge, which opens nothing else.")
  var badge = false

  @Flag(help: "Print the token, its path and its end as JSON.")
  var json = false

  func run() async throws {
    let minted = try await common.service().mintEmbedToken(organization, badge ? .badge : .page, for: span)
    if json {
      Console.standardOutput.printJSON(JSONText.pretty(EmbedOutput(minted)))
    } else {
      Console.standardOutput.print(minted.text)
      Console.standardError.print(
        "opens \(minted.path.prefix { $0 != "?" }) until \(try common.time(minted.token.expiry))")
    }
  }
}
