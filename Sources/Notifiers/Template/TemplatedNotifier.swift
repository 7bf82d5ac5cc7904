import FoundationEssentials
import QuotaCore

/// A channel whose messages have its readers' zone, their link, and maybe the user's own words. Where these cannot be sent, the
/// built-in ones are: an alert is never lost to a template.
struct TemplatedNotifier: Notifier {
  private let base: any ChannelNotifier
  private let parts: [(field: TemplateField, template: CompiledTemplate)]
  private let zone: TimeZone
  private let link: MessageLink?
  /// Told why a template was not used, in one line.
  private let warn: @Sendable (String) -> Void

  /// - Parameters:
  ///   - zone: of the times in a message.
  /// - Throws: ``TemplateDefect``.
  init(
    _ base: any ChannelNotifier, _ template: MessageTemplate, fields: [TemplateField], zone: TimeZone = .gmt,
    link: MessageLink? = nil, warn: @escaping @Sendable (String) -> Void
  ) throws(TemplateDefect) {
    self.base = base
    (self.zone, self.link) = (zone, link)
    self.warn = warn
    var parts: [(TemplateField, CompiledTemplate)] = []
    for field in fields {
      if let source = template.sources[field.name] { parts.append((field, try CompiledTemplate(source))) }
    }
    self.parts = parts
  }

  var id: NotifierID { base.id }
  var pace: TimeInterval { base.pace }
  var groups: Bool { base.groups }
  var longestGroup: Int { base.longestGroup }
  var sendsAcknowledgements: Bool { base.sendsAcknowledgements }
  var threads: Bool { base.threads }

  func threaded(_ payload: [UInt8], behind earlier: [MessageID]) throws -> [UInt8] {
    try base.threaded(payload, behind: earlier)
  }

  func compose(_ message: Message) throws -> [UInt8] {
    do {
      let payload = try base.compose(message, with: try texts(for: message))
      guard parts.isEmpty || payload.count <= longestGroup || message.events.count > 1 else {
        throw UnfitText(
          description: "the message has \(payload.count.grouped) bytes, more than \(longestGroup.grouped)")
      }
      return payload
    } catch let unfit as UnfitText {
      warn("notifier \(id): template: \(unfit); the built-in words are sent for \(message.id)")
      return try base.compose(message, with: plain(message))
    }
  }

  private func plain(_ message: Message) -> Texts {
    var texts = Texts()
    (texts.zone, texts.link) = (zone, link?.address(of: message))
    return texts
  }

  private func texts(for message: Message) throws -> Texts {
    let plain = plain(message)
    var texts = plain
    for (field, template) in parts {
      let rendering = template.render(message, field.format, plain)
      let text = field.isLine ? ForeignText.line(rendering.text, limit: .max) : rendering.text
      try Fit.check(text, field.name, atMost: .max, unit: \.utf8.count)
      texts[keyPath: field.part] = text
    }
    return texts
  }

  func send(_ payload: [UInt8], id: MessageID, now: Date) async -> SendOutcome {
    await base.send(payload, id: id, now: now)
  }

  func probe() async -> SendOutcome { await base.probe() }
}
