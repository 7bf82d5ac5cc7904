import ArgumentParser
import QuotaCore

/// The names of commands, as far as a command line has them wrong.
enum CommandNames {
  /// What is wrong with the words that name a command, and which was probably meant; nil if that is something else.
  ///
  /// - Parameter words: all after the program's name.
  static func problem(in words: [String]) -> String? {
    let isHelp = words.first == "help"
    var command: any ParsableCommand.Type = QuotaWatch.self
    for word in words.dropFirst(isHelp ? 1 : 0) {
      let configuration = command.configuration
      guard !word.hasPrefix("-"), !configuration.subcommands.isEmpty else { return nil }
      if let next = configuration.subcommands.first(where: { name(of: $0) == word }) {
        command = next
        continue
      }
      // What a command does without a name may begin with any word.
      guard isHelp || configuration.defaultSubcommand == nil, word != "help" else { return nil }
      let known = Set(configuration.subcommands.map(name))
      let parent = command == QuotaWatch.self ? "" : " of \(name(of: command))"
      let nearest = suggestion(for: word, among: known)
      return "there is no command \"\(word)\"\(parent)"
        + (nearest.isEmpty ? "; `quotawatch --help` lists them" : nearest)
    }
    return nil
  }

  private static func name(of command: any ParsableCommand.Type) -> String { command.configuration.commandName ?? "" }
}
