import ArgumentParser

/// That a command which was understood was used wrongly, as it finds when it runs. The command line's reader would show
/// the usage of the program then, and not that of the command.
struct WrongUsage {
  private let message: String
  private let command: any ParsableCommand.Type

  /// Nil for errors of another kind, and without a command.
  init?(_ error: any Error, of command: (any ParsableCommand.Type)?) {
    guard let error = error as? ValidationError, let command else { return nil }
    self.message = error.message
    self.command = command
  }

  /// The message, the command's usage and where there is more, as the command line's reader writes them.
  var text: String {
    let usage = QuotaWatch.usageString(for: command)
    let name = usage.split(separator: " ").prefix { $0.first?.isLetter == true }.joined(separator: " ")
    return "Error: \(message)\nUsage: \(usage)\n  See '\(name) --help' for more information."
  }
}
