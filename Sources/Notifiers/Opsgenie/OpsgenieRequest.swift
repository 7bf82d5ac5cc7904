import FoundationEssentials
import QuotaCore

/// A request of the Alert API as it is stored: where to, and what.
struct OpsgenieRequest: Encodable {
  /// In characters (docs.opsgenie.com/docs/alert-api, "Create Alert").
  private enum Limit {
    static let message = 130
    static let description = 15_000
    static let alias = 512
    static let note = 25_000
    static let detail = 500
  }

  private let path: String
  private let content: Content

  private enum Content {
    case alert(NewAlert)
    case remark(Remark)
  }

  private struct NewAlert: Encodable {
    let message: String
    let alias: String
    let description: String
    let entity: String?
    let source = "quotawatch"
    let priority: String
    let tags: [String]
    let details: [String: String]
  }

  private struct Remark: Encodable {
    let user: String?
    let source = "quotawatch"
    let note: String
  }

  /// - Throws: ``UnfitText``.
  init(_ event: Event, _ texts: Texts) throws {
    try Fit.check(texts.title, "title", atMost: Limit.message, unit: \.utf16.count)
    try Fit.check(texts.text, "text", atMost: Limit.description, unit: \.utf16.count)
    let text = EventText(event, in: texts.zone)
    // Slashes would have to be encoded in a path; ids hold neither of both.
    let alias = IncidentKey(event).text(atMost: Limit.alias).replacing("/", with: ":")
    let action = IncidentAction(event)
    switch (action, event.transition) {
    case (.open, _), (.update, .reminder):
      path = "/v2/alerts"
      content = .alert(Self.alert(event, text, texts, alias: alias))
    case (.update, _), (.acknowledge, _), (.close, _):
      path = "/v2/alerts/\(Self.encoded(alias))/\(action.word)?identifierType=alias"
      let user = event.acknowledgement.map { ForeignText.line($0.by, limit: 100) }
      content = .remark(Remark(user: user, note: texts.text ?? ForeignText.clipped(text.headline, to: Limit.note)))
    }
  }

  private static func alert(_ event: Event, _ text: EventText, _ texts: Texts, alias: String) -> NewAlert {
    let told = text.details.filter { !$0.isTold(in: text.headline) }.map { "\($0.label): \($0.value)" }
    let description = ([text.headline + "."] + told + [texts.link].compactMap { $0 }).joined(separator: "\n")
    let priority =
      switch event.severity {
      case .critical: "P1"
      case .warning: "P3"
      case .info: "P5"
      }
    var details: [String: String] = [:]
    for detail in text.details {
      details[detail.label.lowercased()] = ForeignText.clipped(detail.value, to: Limit.detail)
    }
    details["link"] = texts.link
    return NewAlert(
      message: texts.title ?? Clipped.text(text.subject, to: Limit.message, length: \.utf16.count), alias: alias,
      description: texts.text ?? Clipped.text(description, to: Limit.description, length: \.utf16.count),
      entity: event.organization?.rawValue, priority: priority, tags: ["quotawatch", "\(event.topic)"], details: details
    )
  }

  /// Percent-encoded for a path: an alias may hold `%` and `#`.
  private static func encoded(_ alias: String) -> String {
    alias.utf8.reduce(into: "") { text, byte in
      if byte.isAlphanumeric || "-._:".utf8.contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + byte.hexadecimal(digits: 2, uppercase: true)
      }
    }
  }

  private enum Key: String, CodingKey { case path, body }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(path, forKey: .path)
    switch content {
    case .alert(let alert): try container.encode(alert, forKey: .body)
    case .remark(let remark): try container.encode(remark, forKey: .body)
    }
  }

  /// What is posted of a stored request: `body` is its first member.
  static func body(of stored: [UInt8]) -> [UInt8] {
    let start = Array(#"{"body":"#.utf8)
    guard stored.starts(with: start), let end = stored.lastIndex(of: UInt8(ascii: "}")),
      let path = stored[..<end].lastRange(of: Array(#","path":"#.utf8))
    else { return [] }
    return Array(stored[start.count..<path])
  }
}

extension IncidentAction {
  /// The last part of the path of a request about an alert that exists.
  fileprivate var word: String {
    switch self {
    case .open, .update: "notes"
    case .acknowledge: "acknowledge"
    case .close: "close"
    }
  }
}

extension ArraySlice<UInt8> {
  /// Where the last occurrence of some bytes begins.
  fileprivate func lastRange(of bytes: [UInt8]) -> Int? {
    indices.reversed().first { self[$0...].starts(with: bytes) }
  }
}
