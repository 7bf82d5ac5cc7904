import Crypto
import FoundationEssentials
import QuotaCore

/// Runs a program for each message and gives it the message on standard input.
struct CommandNotifier: ChannelNotifier {
  static let channel: any ChannelKind.Type = CommandChannel.self
  let id: NotifierID
  let settings: CommandChannel
  let programs: any ProgramRunner
  let secrets: any SecretSource
  let pace: TimeInterval = 0
  let longestGroup = CommandNotifier.longestText

  /// In bytes: no program has to keep more at once.
  private static let longestText = 1 << 20

  func compose(_ message: Message, with texts: Texts) throws -> [UInt8] {
    try Fit.check(texts.text, "text", atMost: Self.longestText, unit: \.utf8.count)
    return try texts.text.map { Array($0.utf8) } ?? MessageBody(message, link: texts.link).bytes
  }

  /// Success is status 0. By sysexits.h, 65 (`EX_DATAERR`) is about the message and 78 (`EX_CONFIG`) about the program's
  /// own settings; every other status may be tried again, as with 75 (`EX_TEMPFAIL`). A program that did not come to its end may
  /// have passed the message on.
  func send(_ payload: [UInt8], id: MessageID, now: Date) async -> SendOutcome {
    let variables: [String: Secret]
    do throws(SecretError) {
      variables = try await settings.variables(fetching: secrets)
    } catch {
      return .retryable(reason: error.message)
    }
    let program = Program(
      settings.arguments, input: payload,
      environment: variables.merging(["QUOTAWATCH_MESSAGE_ID": Secret(id.fileName)]) { $1 },
      deadline: .seconds(settings.timeout.seconds))
    let hidden = Array(variables.values)
    func said(_ words: String, _ bytes: [UInt8]) -> String {
      let line = ForeignText.line(bytes, hiding: hidden)
      return line.isEmpty ? words : "\(words): \(line)"
    }
    switch await programs.run(program) {
    case .exited(code: 0, let output, _): return .delivered(answer: said("ended with status 0", output))
    case .exited(let code, let output, let errors):
      let reason = said("ended with status \(code)", errors.isEmpty ? output : errors)
      switch code {
      case 65: return .rejected(reason: reason)
      case 78: return .channelDead(reason: reason + " – the program says that its configuration is wrong")
      default: return .retryable(reason: reason)
      }
    case .failed(let reason): return .retryable(reason: reason)
    case .signaled(let signal): return .unknown(reason: "ended by signal \(signal)")
    case .cut(let reason): return .unknown(reason: reason)
    case .overdue: return .unknown(reason: "did not end within \(settings.timeout.seconds) s")
    case .cancelled: return .unknown(reason: "interrupted")
    }
  }

  /// Of a program, nothing but whether it can be started can be said without running it.
  func probe() async -> SendOutcome {
    if let obstacle = programs.obstacle(to: settings.arguments[0]) { return .retryable(reason: obstacle) }
    do throws(SecretError) {
      _ = try await settings.variables(fetching: secrets)
      return .delivered(answer: "not run; `quotawatch notify test \(id)` runs it")
    } catch {
      return .retryable(reason: error.message)
    }
  }
}

extension MessageID {
  /// The id as a program may name a file: what is no letter, digit, `.`, `_` or `-` is written as in a URL; a very long one ends
  /// in its digest.
  fileprivate var fileName: String {
    let name = rawValue.utf8.reduce(into: "") { name, byte in
      let isSafe = byte.isAlphanumeric || "._-".utf8.contains(byte)
      name += isSafe ? String(Unicode.Scalar(byte)) : "%" + byte.hexadecimal(digits: 2, uppercase: true)
    }
    guard name.utf8.count > 200 else { return name }
    return String(name.prefix(150)) + "-" + SHA256.hash(data: Data(rawValue.utf8)).prefix(16).hexadecimal
  }
}
