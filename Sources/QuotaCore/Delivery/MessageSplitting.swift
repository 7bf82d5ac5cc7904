extension Notifier {
  /// What to send for a message: the message itself, or the parts that a group is told in because as a whole it would be
  /// longer than ``longestGroup``.
  package func composed(_ message: Message) throws -> [(message: Message, payload: [UInt8])] {
    let whole = try compose(message)
    guard whole.count > longestGroup, case .group(let group) = message, group.events.count > 1 else {
      return [(message, whole)]
    }
    var count = min(group.events.count, whole.count / longestGroup + 1)
    while true {
      let parts = try group.parts(count).map { (Message.group($0), try compose(.group($0))) }
      if count == group.events.count || parts.allSatisfy({ $0.1.count <= longestGroup }) { return parts }
      count = min(group.events.count, count + 1 + count / 8)
    }
  }
}
