package import FoundationEssentials

/// A time that somebody's clock has stored. The order of what happened follows from runs and ids, never from such times:
/// a clock may have been ahead or behind.
package struct StoredMoment: Hashable, Sendable {
  package enum Source: String, Hashable, CaseIterable, Sendable {
    case run
    case reading
    case silence
    case message

    /// `the last run`.
    var words: String {
      switch self {
      case .run: "the last run"
      case .reading: "the last reading"
      case .silence: "a silence"
      case .message: "a message"
      }
    }
  }

  package let source: Source
  package let time: Date

  package init(source: Source, time: Date) {
    self.source = source
    self.time = time
  }
}

extension Date {
  /// Whether a stored moment is less than so long ago. One that lies after now was stored by a clock that was ahead, and
  /// says nothing.
  package func isLess(than span: TimeSpan, before now: Date) -> Bool { self <= now && now < self + span }
}

/// What a stored time that lies in the future says of this machine's clock.
package struct ClockFinding: Hashable, Sendable {
  /// How much later it is than this machine's clock says, in seconds; 0 where the stored time is wrong.
  package let shift: TimeInterval
  /// One line for people.
  package let warning: String

  /// What is less in the future than this is no finding, in seconds.
  private static let tolerance = 1.0
  /// The vendor's clock counts whole seconds, in seconds.
  private static let resolution = 2.0
  /// A clock that is behind by less is waited for: time stands still until it has caught up.
  private static let longestWait = TimeSpan.days(1)
  /// For how long nothing may have been stored for the vendor's clock to be believed in all, and not only in that the
  /// stored time is past.
  private static let longestGap = TimeSpan.days(45)

  /// Nil if nothing that is stored lies in the future.
  ///
  /// - Parameters:
  ///   - latest: the latest time that is stored.
  ///   - now: by this machine's clock.
  ///   - vendorTime: by the vendor's clock; nil if that is not known.
  package init?(latest: StoredMoment, now: Date, vendorTime: Date?) {
    guard latest.time > now.addingTimeInterval(Self.tolerance) else { return nil }
    let length = ClockSkew.words(latest.time.timeIntervalSince(now))
    let stored = "the time of \(latest.source.words), \(latest.time.iso8601)"
    guard let vendorTime, latest.time <= vendorTime.addingTimeInterval(Self.resolution) else {
      shift = 0
      let witness = vendorTime == nil ? "" : ", and the vendor's clock says so, too"
      warning =
        "\(stored), lies \(length) in the future of this machine's clock\(witness): taken for the time of a clock that was "
        + "ahead; what is read now counts, and nothing waits for that time"
      return
    }
    let isFarBehind = latest.time >= now + Self.longestWait && vendorTime < latest.time + Self.longestGap
    let time = isFarBehind ? max(vendorTime, latest.time) : latest.time
    shift = time.timeIntervalSince(now)
    warning =
      "this machine's clock is behind: it says \(now.iso8601), but \(stored), is past by the vendor's clock; this run goes "
      + "by \(time.iso8601); set the clock, and check its synchronization"
  }
}

/// How far this machine's clock is from the vendor's, by the answers of a run.
package struct ClockSkew: Hashable, Sendable {
  /// The smallest and the largest difference that was seen, in seconds: above 0 this machine is ahead.
  private var range: ClosedRange<TimeInterval>?

  /// A difference of so many seconds is worth a word: answers take time, and the vendor's clock counts whole seconds.
  private static let tolerance = 10.0

  package init() {}

  /// Notes the times by both clocks at which an answer has arrived.
  package mutating func note(vendorTime: Date, now: Date) {
    let difference = now.timeIntervalSince(vendorTime)
    range = min(range?.lowerBound ?? difference, difference)...max(range?.upperBound ?? difference, difference)
  }

  /// Adds what other answers have shown.
  package mutating func add(_ other: ClockSkew) {
    guard let added = other.range else { return }
    range =
      min(
        range?.lowerBound ?? added.lowerBound, added.lowerBound)...max(
        range?.upperBound ?? added.upperBound, added.upperBound)
  }

  /// How far this machine is ahead in every answer, in seconds; 0 if it is not, or by little only.
  package var ahead: TimeInterval {
    guard let least = range?.lowerBound, least > Self.tolerance else { return 0 }
    return least
  }

  /// One line for people where the clocks differ.
  package var warning: String? {
    guard let range else { return nil }
    if range.lowerBound > Self.tolerance {
      return "this machine's clock is \(Self.words(range.lowerBound)) ahead of the vendor's: check its synchronization"
    }
    if range.upperBound < -Self.tolerance {
      return "this machine's clock is \(Self.words(-range.upperBound)) behind the vendor's: check its synchronization"
    }
    return nil
  }

  /// `90 s`, `47 min`, `3 h` or `12 days`.
  static func words(_ seconds: TimeInterval) -> String {
    for (unit, length) in [("days", 86_400.0), ("h", 3_600), ("min", 60)] where seconds >= 2 * length {
      return "\(Int(min(seconds / length, 1e9)).grouped) \(unit)"
    }
    return "\(Int(seconds.rounded(.up))) s"
  }
}
