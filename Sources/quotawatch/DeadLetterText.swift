import Logging
import QuotaCore

/// Messages that were given up, in words.
struct DeadLetterText {
  let letters: [DeadLetter]
  var time = ReaderTime.utc

  /// The first few, one line each, and what to do; empty where there are none.
  var lines: [String] {
    guard !letters.isEmpty else { return [] }
    let shown = letters.prefix(10).map { letter in
      "not delivered: \(letter.notifier): \(letter.message): \(time(in: letter.reason))"
    }
    let more =
      letters.count > shown.count
      ? ["and \((letters.count - shown.count).counted("more message")) not delivered"] : []
    return shown + more + [
      "`quotawatch notify list --dead` shows what was lost, `notify retry --dead` sends it, `notify dismiss` ends this notice"
    ]
  }

  /// The same in the log, where standard output is for programs.
  func warn(_ logger: Logger) {
    for line in lines { logger.warning("\(line)") }
  }
}
