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

/// What an incident is recognised by: the event's subject. A test has an incident of its own, so that every test opens
/// one.
struct IncidentKey {
  private let subject: String

  init(_ event: Event) {
    subject = event.transition == .test ? event.id.rawValue : event.subject
  }

  /// The key in so many characters; a longer one ends in its digest, so that different subjects stay different.
  func text(atMost limit: Int) -> String {
    guard subject.unicodeScalars.count > limit else { return subject }
    let digest = SHA256.hash(data: Data(subject.utf8)).prefix(16).hexadecimal
    return String(subject.unicodeScalars.prefix(limit - 33)) + "#" + digest
  }
}
