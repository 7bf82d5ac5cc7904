import FoundationEssentials

/// One client's dialog with the mail sink (RFC 5321, AUTH by RFC 4954), line by line and without a socket.
struct SMTPSession {
  /// What a line leads to.
  enum Outcome: Equatable {
    /// Lines to send, without their line ends.
    case reply([String])
    /// A complete message, and the line to send.
    case message(Mail, String)
    /// Nothing to say: a line of a message.
    case silence
    /// A line to send before the connection is closed.
    case goodbye(String)
  }

  /// A message with its envelope.
  struct Mail: Equatable {
    let sender: String
    let recipients: [String]
    let username: String?
    let raw: [UInt8]
  }

  private enum Phase {
    case command
    case data
    case plainCredentials
    case loginName
    case loginPassword
  }

  static let greeting = "220 sandbox ESMTP, mail goes nowhere from here"

  private let largestMessage: Int
  /// The answer to a recipient; nil accepts it.
  private let refusal: (String) -> String?
  private var phase = Phase.command
  private var hasGreeted = false
  private var username: String?
  private var sender: String?
  private var recipients: [String] = []
  private var raw: [UInt8] = []
  private var isTooLarge = false

  init(largestMessage: Int, refusal: @escaping (String) -> String?) {
    self.largestMessage = largestMessage
    self.refusal = refusal
  }

  /// Takes one line without its end.
  mutating func receive(_ line: [UInt8]) -> Outcome {
    switch phase {
    case .command: return command(String(decoding: line, as: UTF8.self))
    case .data: return dataLine(line)
    case .plainCredentials: return finishPlain(String(decoding: line, as: UTF8.self))
    case .loginName:
      username = Self.decoded(String(decoding: line, as: UTF8.self))
      phase = .loginPassword
      // "Password:"
      return .reply(["334 UGFzc3dvcmQ6"])
    case .loginPassword:
      phase = .command
      return .reply(["235 authenticated"])
    }
  }

  private mutating func command(_ line: String) -> Outcome {
    let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    let argument = words.count > 1 ? String(words[1]) : ""
    switch words.first?.uppercased() {
    case "EHLO":
      greet()
      return .reply([
        "250-sandbox", "250-PIPELINING", "250-8BITMIME", "250-SMTPUTF8", "250-AUTH PLAIN LOGIN",
        "250 SIZE \(largestMessage)",
      ])
    case "HELO":
      greet()
      return .reply(["250 sandbox"])
    case "AUTH": return authenticate(argument)
    case "MAIL": return mail(argument)
    case "RCPT": return recipient(argument)
    case "DATA": return beginData()
    case "RSET":
      reset()
      return .reply(["250 forgotten"])
    case "NOOP": return .reply(["250 nothing done"])
    case "QUIT": return .goodbye("221 bye")
    default: return .reply(["500 unknown command"])
    }
  }

  private mutating func greet() {
    hasGreeted = true
    reset()
  }

  private mutating func reset() {
    sender = nil
    recipients = []
    raw = []
    isTooLarge = false
  }
}

/// Authentication: everybody is let in.
extension SMTPSession {
  private mutating func authenticate(_ argument: String) -> Outcome {
    guard hasGreeted else { return .reply(["503 say EHLO first"]) }
    let words = argument.split(separator: " ").map(String.init)
    switch words.first?.uppercased() {
    case "PLAIN":
      if words.count > 1 { return finishPlain(words[1]) }
      phase = .plainCredentials
      return .reply(["334 "])
    case "LOGIN":
      if words.count > 1 {
        username = Self.decoded(words[1])
        phase = .loginPassword
        return .reply(["334 UGFzc3dvcmQ6"])
      }
      phase = .loginName
      // "Username:"
      return .reply(["334 VXNlcm5hbWU6"])
    default:
      return .reply(["504 only PLAIN and LOGIN are known"])
    }
  }

  private mutating func finishPlain(_ credentials: String) -> Outcome {
    phase = .command
    // An identity, the name and the password, with a NUL before each of the latter.
    let parts = Self.decoded(credentials)?.split(separator: "\0", omittingEmptySubsequences: false) ?? []
    guard parts.count == 3 else { return .reply(["501 not the credentials of AUTH PLAIN"]) }
    username = String(parts[1])
    return .reply(["235 authenticated"])
  }

  private static func decoded(_ base64: String) -> String? {
    Data(base64Encoded: base64).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// The envelope and the message.
extension SMTPSession {
  private mutating func mail(_ argument: String) -> Outcome {
    guard hasGreeted else { return .reply(["503 say EHLO first"]) }
    guard sender == nil else { return .reply(["503 there is a sender already"]) }
    guard let (address, parameters) = Self.path(argument, after: "FROM:") else {
      return .reply(["501 expected MAIL FROM:<address>"])
    }
    let size = parameters.first { $0.uppercased().hasPrefix("SIZE=") }.flatMap { Int($0.dropFirst(5)) } ?? 0
    guard size <= largestMessage else { return .reply([tooLarge]) }
    sender = address
    return .reply(["250 sender noted"])
  }

  private mutating func recipient(_ argument: String) -> Outcome {
    guard sender != nil else { return .reply(["503 say MAIL FROM first"]) }
    guard let (address, _) = Self.path(argument, after: "TO:"), !address.isEmpty else {
      return .reply(["501 expected RCPT TO:<address>"])
    }
    if let refused = refusal(address) { return .reply([refused]) }
    recipients.append(address)
    return .reply(["250 recipient noted"])
  }

  private mutating func beginData() -> Outcome {
    guard !recipients.isEmpty else { return .reply(["503 there is no recipient"]) }
    phase = .data
    return .reply(["354 end with a dot on a line of its own"])
  }

  private mutating func dataLine(_ line: [UInt8]) -> Outcome {
    let dot = UInt8(ascii: ".")
    guard line == [dot] else {
      let unstuffed = line.first == dot ? line.dropFirst() : line[...]
      if raw.count + unstuffed.count + 2 > largestMessage {
        isTooLarge = true
        raw = []
      }
      if !isTooLarge { raw += unstuffed + [0x0D, 0x0A] }
      return .silence
    }
    phase = .command
    defer { reset() }
    guard !isTooLarge, let sender else { return .reply([tooLarge]) }
    let message = Mail(sender: sender, recipients: recipients, username: username, raw: raw)
    return .message(message, "250 message taken")
  }

  private var tooLarge: String { "552 larger than \(largestMessage) bytes" }

  /// The address between angle brackets, and the parameters behind it.
  private static func path(_ argument: String, after keyword: String) -> (address: String, parameters: [String])? {
    guard argument.uppercased().hasPrefix(keyword) else { return nil }
    let rest = argument.dropFirst(keyword.count).drop { $0 == " " }
    guard rest.first == "<", let end = rest.firstIndex(of: ">") else { return nil }
    let address = rest[rest.index(after: rest.startIndex)..<end]
    return (String(address), rest[rest.index(after: end)...].split(separator: " ").map(String.init))
  }
}
