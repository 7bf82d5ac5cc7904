import QuotaCore

/// What a mail server has answered, in its order, as libcurl hands it over line by line.
struct ServerReplies {
  struct Reply {
    let code: Int
    /// Code and text, without line breaks.
    let text: String

    /// Whether the server refuses what it was asked.
    var isRefusal: Bool { code >= 400 }
  }

  /// How many bytes a server may say in a session.
  private static let longest = 64 * 1_024

  private(set) var all: [Reply] = []
  private var lines: [String] = []
  private var size = 0

  /// Takes one line; false if the server says too much.
  mutating func add(_ line: String) -> Bool {
    size += line.utf8.count
    guard size <= Self.longest else { return false }
    let text = String(line.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    guard let code = Int(text.prefix(3)), (200...599).contains(code) else { return true }
    lines.append(String(text.dropFirst(4)))
    // A hyphen behind the code announces another line.
    if text.dropFirst(3).first != "-" {
      all.append(Reply(code: code, text: "\(code) \(lines.joined(separator: " "))"))
      lines = []
    }
    return true
  }

  /// The last refusal, if nothing but the farewell came after it.
  var lastRefusal: Reply? {
    guard let last = all.last(where: { $0.code != 221 }), last.isRefusal else { return nil }
    return last
  }

  /// Whether the message itself is on its way, or there.
  var hasMessage: Bool { all.contains { $0.code == 354 } }

  /// The answers to so many recipients of which none was taken, but some may be later.
  func deferral(recipients count: Int) -> ArraySlice<Reply>? {
    guard stage == .recipients else { return nil }
    let answers = all.filter { $0.code != 221 }.suffix(count)
    return answers.contains { $0.code < 500 } ? answers : nil
  }

  /// How far the session has come by what was answered last, the farewell aside.
  var stage: MailStage {
    let replies = all.filter { $0.code != 221 }
    guard !replies.contains(where: { $0.code == 354 }) else { return .content }
    // 220 is the greeting, and the consent to TLS; after either the client introduces itself, a second time where the
    // first way is not known.
    guard let greeting = replies.lastIndex(where: { $0.code == 220 }),
      let welcome = replies[(greeting + 1)...].firstIndex(where: { $0.code == 250 })
    else { return .session }
    var rest = replies[(welcome + 1)...]
    if let login = rest.lastIndex(where: { [235, 334].contains($0.code) || Self.isAboutLogin($0) }) {
      rest = rest[(login + 1)...]
      if rest.isEmpty || replies[login].code == 334 { return .login }
    }
    guard rest.count > 1 else { return .sender }
    // What is refused behind a recipient that was taken is the wish to hand the message over.
    return rest.dropFirst().contains { !$0.isRefusal } ? .content : .recipients
  }

  /// RFC 4954, section 6.
  private static func isAboutLogin(_ reply: Reply) -> Bool {
    [432, 454, 530, 534, 535, 538].contains(reply.code)
  }

  /// The answers to the message itself and to each recipient, once the server has taken the message.
  func acceptance(recipients count: Int) -> (answer: Reply, recipients: ArraySlice<Reply>)? {
    // 354 asks for the message; before it every recipient was answered, behind it stands the verdict.
    guard let data = all.lastIndex(where: { $0.code == 354 }), data >= count, data + 1 < all.count,
      all[data + 1].code / 100 == 2
    else { return nil }
    return (all[data + 1], all[(data - count)..<data])
  }
}
