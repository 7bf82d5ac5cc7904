import ArgumentParser
import QuotaService

/// The command line: parse, call, print, exit code.
@main
struct QuotaWatch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quotawatch",
    abstract: "Watches what an organization's DocuTray keys use, and warns before a quota is hit.",
    discussion: """
      First steps:
        quotawatch init              write a starting configuration
        quotawatch check --online    try every key and every channel
        quotawatch collect           poll, store, judge, notify (for cron or a timer)
        quotawatch status            see where everybody stands

      Exit codes:
        0   all done
        2   some organizations could not be read
        3   some notifications could not be delivered yet (takes precedence over 2)
        10–22  what `steps` and `ledger` meet; see `quotawatch help steps`
        30  a report found something that is not matched
        31  a month cannot be closed now
        32  the closing journal is not as it was written
        64  wrong usage
        65  a file to be imported is wrong
        69  the vendor cannot be reached (`steps` and `ledger`)
        74  a file, standard output or the database could not be read or written
        75  another run is active
        78  the configuration is wrong

      The configuration is looked for in --config, $QUOTAWATCH_CONFIG, \
      ./alerts.json, $XDG_CONFIG_HOME/quotawatch/alerts.json and \
      /etc/quotawatch/alerts.json. Without any, DOCUTRAY_API_KEY in the \
      environment makes one organization "default".
      """,
    version: Version.current,
    groupedSubcommands: [
      CommandGroup(
        name: "Watching",
        subcommands: [
          CollectCommand.self, ServeCommand.self, StatusCommand.self, AlertsCommand.self, SilenceCommand.self,
          WhyCommand.self, LogCommand.self, MetricsCommand.self, EmbedCommand.self,
        ]),
      CommandGroup(
        name: "History",
        subcommands: [BacktestCommand.self, BackfillCommand.self, ReportCommand.self, DatabaseCommand.self]),
      CommandGroup(name: "Counting", subcommands: [StepsCommand.self, LedgerCommand.self]),
      CommandGroup(
        name: "Invoices",
        subcommands: [
          PriceCommand.self, CloseCommand.self, ReopenCommand.self, InvoiceCommand.self, AcceptCommand.self,
          DisputeCommand.self,
        ]),
      CommandGroup(
        name: "Setting up",
        subcommands: [
          InitCommand.self, CheckCommand.self, NotifyCommand.self, TokenCommand.self,
        ]),
      CommandGroup(name: "Trying out", subcommands: [SandboxCommand.self, DemoCommand.self]),
    ])

  static func main() async {
    ThisProcess.occupyClosedStreams()
    ThisProcess.ignoreBrokenPipes()
    ThisProcess.checkOutputAtEnd()
    var running: (any ParsableCommand.Type)?
    do {
      if let problem = CommandNames.problem(in: Array(CommandLine.arguments.dropFirst())) {
        throw ServiceError(.usage, problem)
      }
      var command = try parseAsRoot()
      running = type(of: command)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      ThisProcess.endIfInterrupted()
    } catch {
      ThisProcess.end(with: error, of: running)
    }
  }
}
