package import FoundationEssentials

/// What the simulated vendor takes for now.
package enum VendorClock: Hashable, Sendable {
  /// Stands still until it is set.
  case manual(Date)
  /// The machine's time.
  case system

  var now: Date {
    switch self {
    case .manual(let date): date
    case .system: Date()
    }
  }
}
