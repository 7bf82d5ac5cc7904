import ArgumentParser
import QuotaCore
import QuotaService

struct StepsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steps",
    abstract: "Have documents processed by a step, and ask how far they are.",
    discussion: """
      Every execution is put into the ledger, which counts on our side what the vendor will bill; what is in a document \
      is never kept. `quotawatch help ledger` says more.

      Exit codes besides the usual ones:
        10  the vendor finds the request invalid (400)
        11  the key is rejected (401) or cannot be had
        12  no access to the execution or step (403)
        13  the vendor does not know it (404)
        14  the vendor could not download the document in time (408)
        15  the document is too large (413, or before it is sent)
        16  the document's format is not taken (415, or before it is sent)
        17  the rate limit is used up (429), and the wait would be too long
        18  the vendor has a problem (5xx)
        19  the vendor's answer cannot be understood
        20  the execution has ended in an error
        21  the execution has not ended in time
        22  it is not known whether the vendor has taken the document
        69  the vendor cannot be reached
      """,
    subcommands: [StepsRunCommand.self, StepsStatusCommand.self])
}

struct StepsRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Send a document to a step, and put the execution into the ledger.",
    discussion: """
      Formats: JPEG, PNG, GIF, BMP, WebP and PDF, up to 100 MB; looked at before anything is sent.

      Examples:
        quotawatch steps run --organization acme --step cm5vstep1 invoice.pdf --wait
        quotawatch steps run --step cm5vstep1 --base64 scan.png --metadata '{"batch": "7"}'
        quotawatch steps run --step cm5vstep1 --url https://files.example.com/invoice.pdf --json
      """)

  @OptionGroup var common: CommonOptions

  @Option(
    help: "Whose key is used; may be left out if only one organization is configured.",
    completion: .custom(KnownNames.organizations))
  var organization: String?

  @Option(help: "The step's id.")
  var step: String

  @Argument(help: "The document to upload.", completion: .file())
  var file: String?

  @Option(help: ArgumentHelp("Have the vendor download the document.", valueName: "address"))
  var url: String?

  @Option(
    help: ArgumentHelp("Send this document as base64 in JSON; it may hold base64 already.", valueName: "file"),
    completion: .file())
  var base64: String?

  @Option(help: ArgumentHelp("A JSON object that comes back with the result.", valueName: "json"))
  var metadata: String?

  @Flag(help: "Ask until the execution has ended.")
  var wait = false

  @Option(
    help: ArgumentHelp("How long to wait at the most, such as 90s or 10m; 30m without.", valueName: "time"),
    transform: TimeSpan.parse)
  var timeout: TimeSpan = .minutes(30)

  @Flag(help: "Print JSON, one object a line.")
  var json = false

  func validate() throws {
    guard [file, url, base64].count(where: { $0 != nil }) == 1 else {
      throw ValidationError("name a document: one of FILE, --url and --base64")
    }
  }

  func run() async throws {
    let service = try common.service()
    let source: RunStep.Source =
      if let url { .url(url) } else if let base64 { .base64File(base64) } else { .file(file ?? "") }
    var options = RunStep.Options(step: step, document: source)
    options.organization = organization
    options.metadata = metadata
    options.timeout = timeout
    let bar = ProgressBar("Sending")
    options.progress = { bar.update(Int($0 >> 10), of: Int($1 >> 10)) }
    let printer = NewsPrinter(json: json, time: try common.time)
    let (wait, timeout) = (wait, timeout)
    let report = try await ThisProcess.interruptible { [options] in
      defer { bar.finish() }
      let started = try await service.runStep(options)
      bar.finish()
      printer.print(.status(started.execution, before: nil, problem: nil))
      guard wait else { return nil as FollowExecutions.Report? }
      var follow = FollowExecutions.Options()
      follow.waits = true
      follow.timeout = timeout
      follow.document = started.document
      follow.tellsFirstAnswers = false
      follow.news = printer.print
      return try await service.followExecution(started.execution.key, follow)
    }
    try report?.statusAfterWaiting.orExit()
  }
}

struct StepsStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Ask how far executions are, and put what the vendor says into the ledger.",
    discussion: """
      One line for each execution, and with --wait one for each change. The vendor is asked every 3 to 5 seconds at \
      first, then more rarely.

      Examples:
        quotawatch steps status cm5vq2x7d0001
        quotawatch steps status cm5vq2x7d0001 cm5vq2x7d0002 --wait --timeout 10m --json
        quotawatch steps status cm5vq2x7d0003 --organization acme --kind conversion
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The executions' ids.")
  var ids: [String]

  @Option(
    help: "Whose they are, where the ledger does not know.", completion: .custom(KnownNames.organizations))
  var organization: String?

  @Option(help: "What they are, where the ledger does not know: step, conversion or identification.")
  var kind: ExecutionKind?

  @OptionGroup var following: FollowArguments

  func run() async throws {
    let service = try common.service()
    let options = following.options(try common.time)
    let (ids, organization, kind) = (ids, organization, kind)
    let report = try await ThisProcess.interruptible {
      try await service.stepStatus(ids, organization: organization, kind: kind, options)
    }
    try (following.wait ? report.statusAfterWaiting : report.status).orExit()
  }
}

extension ExecutionKind: ExpressibleByArgument {}
