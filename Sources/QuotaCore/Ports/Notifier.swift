package import FoundationEssentials

/// A configured channel. It sends once and says what happened; it never retries by itself.
package protocol Notifier: Sendable {
  var id: NotifierID { get }
  /// The least time between two messages that the service allows, in seconds; 0 for no limit.
  var pace: TimeInterval { get }

  /// What to send for an event. The same event gives the same bytes.
  func compose(_ event: Event) throws -> [UInt8]

  /// Sends what ``compose(_:)`` made, once.
  ///
  /// - Parameters:
  ///   - id: the same in every attempt, for the receiver to recognise a repetition.
  ///   - now: the time of this attempt, for signatures and dates.
  func send(_ payload: [UInt8], id: EventID, now: Date) async -> SendOutcome

  /// Tries the way to the other side without telling it anything: connects, and logs in where there is a login.
  func probe() async -> SendOutcome
}
