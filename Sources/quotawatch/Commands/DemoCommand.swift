import ArgumentParser
import Demo
import FoundationEssentials
import QuotaCore
import QuotaService
import Sandbox

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run the whole loop for a made-up month on a simulated vendor; needs no key and no internet.",
    discussion: """
      Polls, stores, judges and notifies once for each day of a month, over real connections on loopback, then closes the \
      month and reconciles it with a sample invoice. Leaves its configuration, its database, the sample and the reports in a \
      folder for looking at.

      Example:
        quotawatch demo --folder /tmp/quotawatch-demo
      """)

  @Option(help: "Where the configuration, the database, the sample and the reports are left.", completion: .directory)
  var folder = "quotawatch-demo"

  func run() async throws {
    let out = Console.standardOutput
    out.print("A month of six organizations, one collect a day, against a simulated vendor on loopback …")
    let bar = ProgressBar("Collecting day", plainLines: true)
    let outcome = try await ThisProcess.interruptible { [folder] in
      defer { bar.finish() }
      return try await Demo.run(in: folder) { bar.update($0, of: $1) }
    }
    out.printSection("Where everybody stands on the last day (quotawatch status):")
    out.print(StatusTable(outcome.status).table)
    out.printSection("What fires (quotawatch alerts):")
    out.print(AlertTable(outcome.alerts).table)
    if let hook = outcome.slack.first { show("The first of \(outcome.slack.count.grouped) Slack messages", hook, out) }
    if let hook = outcome.webhooks.first {
      show("The first of \(outcome.webhooks.count.grouped) signed webhooks", hook, out)
    }
    if let mail = outcome.mails.first {
      out.printSection(
        "The first of \(outcome.mails.count.grouped) e-mails, for \(mail.recipients.joined(separator: ", ")):")
      for line in mail.text.split(separator: "\r\n", omittingEmptySubsequences: false).prefix(24) {
        out.print("  \(line)")
      }
    }
    showClosing(outcome.closing, out)
    out.print("")
    out.print(
      "\(outcome.runs.counted("run")) made \(outcome.events.counted("alert event")) and delivered \(outcome.delivered.counted("message")); the month is in \(outcome.reportPath)."
    )
    let program = CommandLine.arguments.first ?? "quotawatch"
    out.print("Look at it in a browser, at http://127.0.0.1:8787/ while this runs:")
    out.print("  \(program) serve --config \(outcome.configurationPath) --as-of \(outcome.lastReadingAt.iso8601)")
    out.print(
      "Next: `quotawatch status --config \(outcome.configurationPath)` looks around in it; `quotawatch init` starts your own."
    )
  }

  private func showClosing(_ closing: DemoClosing, _ out: Console) {
    out.printSection("Five days later the month is closed and held against the sample invoice (docs/close-a-month.md):")
    let steps = [
      ("quotawatch ledger import ledger-2026-11.csv", closing.imported.added.counted("execution")),
      (
        "quotawatch close 2026-11",
        "\(closing.closed.closed.count.counted("organization")), \(closing.closed.closed.last?.hash.prefix(12) ?? "")"
      ),
      (
        "quotawatch invoice import invoice-2026-11.csv",
        "\(closing.invoices.count.added.counted("line")) of \(closing.invoices.invoiceCount.counted("invoice"))"
      ),
      ("quotawatch accept hooli 2026-11 credit/DT-1103/3 --note …", closing.accepted.status.rawValue),
      ("quotawatch report reconciliation 2026-11 -o reconciliation.csv", closing.summary.text),
    ]
    for (command, result) in steps {
      out.print("  $ \(command)")
      out.print("    \(result)")
    }
    out.printSection("What is not matched, and the sums (quotawatch report reconciliation 2026-11):")
    out.write(
      ReconciliationScreen(closing.rows, closing.summary.totals).render(colored: out.usesColour, width: out.columns))
    out.print("")
    out.print("The statements to print are in \(closing.statementPath).")
  }

  private func show(_ title: String, _ hook: ReceivedHook, _ out: Console) {
    out.printSection("\(title), as it was received at \(hook.path):")
    for header in hook.headers where header.name.hasPrefix("webhook-") || header.name == "content-type" {
      out.print("  \(header.name): \(header.value)")
    }
    out.print("  \(String(decoding: hook.body, as: UTF8.self))")
  }
}
