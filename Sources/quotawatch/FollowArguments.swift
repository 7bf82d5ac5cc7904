import ArgumentParser
import QuotaCore
import QuotaService

/// How executions are followed until they end.
struct FollowArguments: ParsableArguments {
  @Flag(help: "Ask until all have ended.")
  var wait = false

  @Option(
    help: ArgumentHelp("How long to go on at the most, such as 90s or 10m; 30m without.", valueName: "time"),
    transform: TimeSpan.parse)
  var timeout: TimeSpan = .minutes(30)

  @Flag(help: "Print JSON, one object a line; for `ledger poll` the last line is for all.")
  var json = false

  func options(_ time: ReaderTime) -> FollowExecutions.Options {
    var options = FollowExecutions.Options()
    options.waits = wait
    options.timeout = timeout
    options.news = NewsPrinter(json: json, time: time).print
    return options
  }
}
