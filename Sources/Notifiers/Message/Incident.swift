import Crypto
import FoundationEssentials
import QuotaCore

/// What an event does to the incident that a channel keeps for its subject.
enum IncidentAction: Hashable {
  case open
  /// It is told again, or only a part of it is over.
  case update
  case acknowledge
  case close

  init(_ event: Event) {
    switch event.transition {
    case .firing, .reopened, .test: self = .open
    case .reminder: self = .update
    case .acknowledged: self = .acknowledge
    case .expired: self = .close
    case .resolved, .retired: self = event.firing.isEmpty ? .close : .update
    }
  }
}

/// What an incident is recognised by: the event's subject. A test, and what happens at one moment and is never over, has an
/// incident of its own, so that every one of them opens one.
struct IncidentKey {
  private let name: String

  init(_ event: Event) {
    let standsAlone = event.transition == .test || event.topic.kind.isMomentary
    name = standsAlone ? event.id.rawValue : event.subject
  }

  /// The key in so many characters; a longer one ends in its digest, so that different names stay different.
  func text(atMost limit: Int) -> String {
    guard name.unicodeScalars.count > limit else { return name }
    let digest = SHA256.hash(data: Data(name.utf8)).prefix(16).hexadecimal
    return String(name.unicodeScalars.prefix(limit - 33)) + "#" + digest
  }
}
