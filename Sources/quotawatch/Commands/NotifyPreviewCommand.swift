import ArgumentParser
import Foundation
import QuotaCore
import QuotaService

struct NotifyPreviewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Show what a notifier would send, with made-up figures; nothing is sent.",
    discussion: """
      Secrets that are put in when a message is sent, such as keys and addresses, are not shown.

      Examples:
        quotawatch notify preview ops-slack --rule pages-quota
        quotawatch notify preview ops-slack --rule pages-quota --transition resolved
        quotawatch notify preview finance-mail --rule pages-quota --group 12
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "The notifier.", completion: .custom(KnownNames.notifiers))
  var name: String

  @Option(help: "The rule that the event is of.", completion: .custom(KnownNames.rules))
  var rule: String

  @Option(help: "What happens: firing, resolved, reminder or acknowledged.", completion: .list(Self.transitions))
  var transition = "firing"

  @Option(parsing: .unconditional, help: "So many events in one message.")
  var group: Int?

  private static let transitions = ["firing", "resolved", "reminder", "acknowledged"]

  func validate() throws {
    guard Self.transitions.contains(transition) else {
      throw ValidationError("--transition is firing, resolved, reminder or acknowledged")
    }
    guard (1...1_000).contains(group ?? 1) else { throw ValidationError("--group is a number from 1 to 1000") }
  }

  func run() async throws {
    let transition = Event.Transition(rawValue: transition) ?? .firing
    let payload = try common.service().notifyPreview(name, rule: rule, transition: transition, group: group)
    for line in Self.readable(payload).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      Console.standardOutput.print(String(line))
    }
  }

  /// JSON over several lines; anything else as it is.
  private static func readable(_ payload: [UInt8]) -> String {
    let data = Data(payload)
    guard let object = try? JSONSerialization.jsonObject(with: data),
      let pretty = try? JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    else { return String(decoding: data, as: UTF8.self) }
    return String(decoding: pretty, as: UTF8.self)
  }
}
