import FoundationEssentials

extension UsageProfile {
  private static let version: UInt8 = 1

  /// The whole in a compact form to be stored: some hundred bytes, and less than 600 where millions are used in every hour.
  ///
  /// Version 1: the version's byte, then whole numbers of variable length (LEB128) and lists of such in bits: the times in
  /// milliseconds, the latest uses' before the latest observation, the offset, the hours, the days, the profile of the week
  /// as differences from hour to hour, the moves and the months.
  package var bytes: [UInt8] {
    var writer = VarintWriter(version: Self.version)
    for time in [firstObservedAt, lastObservedAt] { writer.write(time) }
    for time in [lastPagesAt, lastConversionsAt] { writer.write(time, before: lastObservedAt) }
    writer.write(signed: offset)
    writer.write(hours)
    writer.write(days)
    let conversions = zip(week.pages, week.conversions).map { UInt64($0 ^ $1) }
    writer.write(list: zip(week.pages, [WeekHours.inactive] + week.pages).map { UInt64($0 ^ $1) })
    writer.write(list: conversions)
    let latestMove = moves.map(\.month).max() ?? 0
    writer.write(UInt64(moves.count))
    writer.write(UInt64(latestMove))
    for move in moves { writer.write(move, upTo: latestMove, before: lastSecond ?? 0) }
    writer.write(months)
    return writer.bytes
  }

  /// What was stored; empty where nothing was, or nothing that can be read.
  package init(stored bytes: [UInt8]?) {
    self = bytes.flatMap { UsageProfile(bytes: $0) } ?? UsageProfile()
  }

  /// Reads what ``bytes`` gives; nil for anything else, of another version or damaged.
  package init?(bytes: [UInt8]) {
    var reader = VarintReader(bytes)
    guard reader.byte() == Self.version, let times = reader.times(2),
      let used = reader.times(2, before: times[1]),
      let offset = reader.signed(), (-86_400...86_400).contains(offset),
      let hours = reader.series(.hour, atMost: Self.hourCapacity),
      let days = reader.series(.day, atMost: Self.dayCapacity),
      let week = reader.weekHours(), let moves = reader.moves(before: times[1]?.wholeSeconds ?? 0),
      let months = reader.months(), reader.isAtEnd,
      (times[0] == nil) == hours.isEmpty,
      hours.isEmpty == days.isEmpty, (times[0] == nil) == (times[1] == nil)
    else { return nil }
    self.init()
    (firstObservedAt, lastObservedAt, lastPagesAt, lastConversionsAt) = (times[0], times[1], used[0], used[1])
    (self.offset, self.hours, self.days, self.week) = (offset, hours, days, week)
    (self.moves, self.months) = (moves, months)
  }
}

extension VarintWriter {
  /// The milliseconds since 1970 and 1, or 0 for none.
  fileprivate mutating func write(_ time: Date?) {
    write(time.map { UInt64(max(0, ($0.timeIntervalSince1970 * 1_000).rounded())) + 1 } ?? 0)
  }

  /// The milliseconds before another time, whichever is later, or 0 for none.
  fileprivate mutating func write(_ time: Date?, before end: Date?) {
    guard let time else { return write(0) }
    let distance = (end?.wholeMilliseconds ?? 0) - time.wholeMilliseconds
    write(signed: distance >= 0 ? distance + 1 : distance)
  }
}

extension VarintWriter {
  /// Times are the seconds before another one; that of the use before, the milliseconds before the surge.
  fileprivate mutating func write(_ move: CounterMove, upTo latest: Int, before end: Int) {
    write(
      UInt64(
        (move.metric == .pages ? 0 : 1) | (move.surge == nil ? 0 : 2) | (move.fall == nil ? 0 : 4)
          | (move.surge?.usedBefore == nil ? 0 : 8) | (latest - move.month) << 4))
    if let surge = move.surge {
      for amount in [surge.level, surge.amount] { write(UInt64(clamping: amount)) }
      write(signed: end - surge.to)
      write(UInt64(surge.to - surge.from))
      if let used = surge.usedBefore { write(signed: surge.from * 1_000 - used.wholeMilliseconds) }
    }
    if let fall = move.fall {
      for amount in [fall.lost, fall.peak] { write(UInt64(clamping: amount)) }
      write(signed: end - fall.since)
    }
  }
}

extension VarintReader {
  /// Two metrics of two months, and those of a month that was asked for by name.
  private static let largestMoveCount: UInt64 = 8

  fileprivate mutating func moves(before end: Int) -> [CounterMove]? {
    guard let count = number(), count <= Self.largestMoveCount, let latest = number(), latest < 1 << 20 else {
      return nil
    }
    var moves: [CounterMove] = []
    for _ in 0..<count {
      guard let parts = number(), parts >> 4 <= latest else { return nil }
      var move = CounterMove(month: Int(latest - parts >> 4), metric: parts & 1 == 0 ? .pages : .conversions)
      if parts & 2 != 0 {
        guard let level = number(), let amount = number(), let to = second(before: end), let length = number(),
          (1..<1 << 40).contains(length), let used = parts & 8 == 0 ? .some(nil) : signed().map(Int?.some),
          abs(used ?? 0) < 1 << 52
        else { return nil }
        let from = to - Int(length)
        move.surge = CounterMove.Surge(
          level: Int64(clamping: level), amount: Int64(clamping: amount), from: from, to: to,
          usedBefore: used.map { Date(wholeMilliseconds: from * 1_000 - $0) })
      }
      if parts & 4 != 0 {
        guard let lost = number(), let peak = number(), let since = second(before: end) else { return nil }
        move.fall = CounterMove.Fall(lost: Int64(clamping: lost), peak: Int64(clamping: peak), since: since)
      }
      moves.append(move)
    }
    return moves
  }

  private mutating func second(before end: Int) -> Int? {
    guard let distance = signed(), abs(distance) < 1 << 40 else { return nil }
    return end - distance
  }
}

extension VarintReader {
  /// So many times, each of which may be absent.
  fileprivate mutating func times(_ count: Int) -> [Date?]? {
    var times: [Date?] = []
    for _ in 0..<count {
      guard let number = number(), number <= 1 << 52 else { return nil }
      times.append(number == 0 ? nil : Date(timeIntervalSince1970: TimeInterval(number - 1) / 1_000))
    }
    return times
  }

  fileprivate mutating func times(_ count: Int, before end: Date?) -> [Date?]? {
    var times: [Date?] = []
    for _ in 0..<count {
      guard let number = signed(), abs(number) <= 1 << 52 else { return nil }
      let distance = number > 0 ? number - 1 : number
      times.append(number == 0 ? nil : Date(wholeMilliseconds: (end?.wholeMilliseconds ?? 0) - distance))
    }
    return times
  }

  fileprivate mutating func weekHours() -> WeekHours? {
    guard let steps = list(WeekHours.count), let differences = list(WeekHours.count),
      (steps + differences).allSatisfy({ $0 < 0x80 })
    else { return nil }
    var pages: [UInt8] = []
    for step in steps { pages.append(UInt8(step) ^ (pages.last ?? WeekHours.inactive)) }
    return WeekHours(pages: pages, conversions: zip(pages, differences).map { $0 ^ UInt8($1) })
  }
}

extension Date {
  fileprivate var wholeMilliseconds: Int { Int((timeIntervalSince1970 * 1_000).rounded()) }

  fileprivate init(wholeMilliseconds: Int) {
    self.init(timeIntervalSince1970: TimeInterval(wholeMilliseconds) / 1_000)
  }
}
