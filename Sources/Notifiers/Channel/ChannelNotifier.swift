import FoundationEssentials
import QuotaCore

/// A channel that can put other words into its message.
protocol ChannelNotifier: Notifier {
  static var channel: any ChannelKind.Type { get }

  /// What to send for a message, with texts that replace the built-in ones.
  ///
  /// - Throws: ``UnfitText`` for a text that the service would refuse; ``GroupRefused`` for a group that it cannot take.
  func compose(_ message: Message, with texts: Texts) throws -> [UInt8]
}

extension ChannelNotifier {
  var groups: Bool { Self.channel.groups }
  var sendsAcknowledgements: Bool { Self.channel.sendsAcknowledgements }

  func compose(_ message: Message) throws -> [UInt8] { try compose(message, with: Texts()) }
}

/// How a message is put: what a template has made of it, where nil keeps what is built in, and for whom it is.
struct Texts: Hashable, Sendable {
  /// A title, a subject or a summary, on one line.
  var title: String?
  /// The message proper, in the channel's markup.
  var text: String?
  /// E-mail only.
  var html: String?
  /// The whole body, for channels that programs read.
  var body: String?
  /// The zone of the times in it.
  var zone = TimeZone.gmt
  /// Where more is to be seen; nil for nowhere.
  var link: String?
}

/// A text from a template that the service would refuse.
struct UnfitText: Error, CustomStringConvertible {
  /// One line, without the text.
  let description: String
}

/// Several events for a channel that keeps an incident for each.
struct GroupRefused: Error, CustomStringConvertible {
  let notifier: NotifierID

  var description: String { "\(notifier) keeps an incident for each alert and takes no group" }
}
