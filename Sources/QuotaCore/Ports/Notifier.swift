package import FoundationEssentials

/// A configured channel. It sends once and says what happened; it never retries by itself.
package protocol Notifier: Sendable {
  var id: NotifierID { get }
  /// The least time between two messages that the service allows, in seconds; 0 for no limit.
  var pace: TimeInterval { get }
  /// Whether several events may come in one message; false for a channel that keeps an incident for each subject.
  var groups: Bool { get }
  /// How many bytes a group's message may have; a longer one is told in parts. A channel that shows as many events as
  /// there is room for, and counts the others, needs no limit.
  var longestGroup: Int { get }
  /// Whether it is told that somebody has acknowledged an alert: channels that keep incidents, and programs.
  var sendsAcknowledgements: Bool { get }

  /// What to send for a message. The same message gives the same bytes. A channel that does not group throws for a group.
  func compose(_ message: Message) throws -> [UInt8]

  /// Whether what ends something, or reminds of it, is shown with the message that told it first.
  var threads: Bool { get }

  /// What ``compose(_:)`` made, as what follows these messages to the same notifier.
  func threaded(_ payload: [UInt8], behind earlier: [MessageID]) throws -> [UInt8]

  /// Sends what ``compose(_:)`` made, once.
  ///
  /// - Parameters:
  ///   - id: the same in every attempt, for the receiver to recognise a repetition.
  ///   - now: the time of this attempt, for signatures and dates.
  func send(_ payload: [UInt8], id: MessageID, now: Date) async -> SendOutcome

  /// Tries the way to the other side without telling it anything: connects, and logs in where there is a login.
  func probe() async -> SendOutcome
}

extension Notifier {
  package var longestGroup: Int { .max }
  package var threads: Bool { false }
  package func threaded(_ payload: [UInt8], behind earlier: [MessageID]) throws -> [UInt8] { payload }
}
