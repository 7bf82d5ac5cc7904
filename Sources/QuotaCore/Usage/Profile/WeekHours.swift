/// In which hours of the week an organization is usually active: the last observed weeks of each of the 168 hours.
///
/// An hour is counted from Monday's first, in local time. A week of utter silence up to now is not known here: it says
/// nothing of the usage profile.
struct WeekHours: Hashable, Sendable {
  /// One byte an hour: a leading 1, and below it one bit for each observed week, the latest lowest.
  private(set) var pages: [UInt8]
  private(set) var conversions: [UInt8]

  static let count = 168
  /// How many weeks are remembered.
  static let weeks = 3
  /// An hour that was observed in all of them and never active.
  static let inactive: UInt8 = 1 << UInt8(weeks)

  init() {
    pages = Array(repeating: 1, count: Self.count)
    conversions = pages
  }

  /// Nil if the parts are not a profile.
  init?(pages: [UInt8], conversions: [UInt8]) {
    guard pages.count == Self.count, conversions.count == Self.count,
      zip(pages, conversions).allSatisfy({
        $0 > 0 && $0 < 0x80 && $1 > 0 && $0.leadingZeroBitCount == $1.leadingZeroBitCount
      })
    else { return nil }
    self.pages = pages
    self.conversions = conversions
  }

  /// Remembers one more week of an hour.
  mutating func record(_ hourOfWeek: Int, pages hasPages: Bool, conversions hasConversions: Bool) {
    pages[hourOfWeek] = Self.shifted(pages[hourOfWeek], hasPages)
    conversions[hourOfWeek] = Self.shifted(conversions[hourOfWeek], hasConversions)
  }

  private static func shifted(_ byte: UInt8, _ isActive: Bool) -> UInt8 {
    let bits = byte << 1 | (isActive ? 1 : 0)
    return bits >> UInt8(weeks + 1) == 0 ? bits : bits & (inactive - 1) | inactive
  }

  /// In how many weeks an hour was observed, and in how many of them there was use of a metric, or of either.
  func activity(of metric: Metric?, in hourOfWeek: Int) -> (active: Int, observed: Int) {
    let bits =
      switch metric {
      case .pages: pages[hourOfWeek]
      case .conversions: conversions[hourOfWeek]
      case nil: pages[hourOfWeek] | conversions[hourOfWeek]
      }
    return (bits.nonzeroBitCount - 1, 7 - bits.leadingZeroBitCount)
  }

  /// The hour of the week of a local moment in seconds since 1970; 1 January 1970 was a Thursday.
  static func hourOfWeek(ofLocal second: Int) -> Int {
    let hour = second.floored(by: 3_600) + 3 * 24
    return hour - hour.floored(by: count) * count
  }
}
