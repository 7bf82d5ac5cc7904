import FoundationEssentials
import Logging
import QuotaCore

extension Setup {
  /// This with the right time, as far as that is known: what is stored cannot be of the future.
  ///
  /// Only where it is does this ask the vendor for the time by its clock, once, and says what is wrong.
  func onTime(for store: any UsageStore) async throws -> Setup {
    let now = world.now()
    guard let latest = try await store.read({ try $0.latestMoment() }),
      ClockFinding(latest: latest, now: now, vendorTime: nil) != nil
    else { return self }
    guard let finding = ClockFinding(latest: latest, now: now, vendorTime: await vendor.usage.currentTime()) else {
      return self
    }
    world.logger.warning("\(finding.warning)")
    return finding.shift > 0 ? Setup(configuration, world: world.shifted(by: finding.shift)) : self
  }
}

extension World {
  /// Lets the silences that a clock that was ahead has made begin now, and last as long as they were meant to.
  func anchorSilences(in writer: any StoreWriter, at now: Date) throws {
    for silence in try writer.silences(endingAfter: now).compactMap({ $0.anchored(to: now) }) {
      try writer.move(silence)
      logger.warning(
        "silence \(silence.id) was made by a clock that was ahead; it ends at \(silence.until.iso8601)")
    }
  }

  /// Says that the clock is behind what is stored, to somebody who sets a time by it.
  func warnOfClock(_ reader: any StoreReader, at now: Date) throws {
    guard let latest = try reader.latestMoment(),
      let finding = ClockFinding(latest: latest, now: now, vendorTime: nil)
    else { return }
    logger.warning("\(finding.warning)")
  }

  /// The same world with its calendar so many seconds later.
  fileprivate func shifted(by seconds: TimeInterval) -> Self {
    Self(
      now: { [now] in now().addingTimeInterval(seconds).roundedToMilliseconds }, clock: clock, random: random,
      http: http, mail: mail, programs: programs, secrets: secrets, logger: logger, deadline: deadline)
  }
}
