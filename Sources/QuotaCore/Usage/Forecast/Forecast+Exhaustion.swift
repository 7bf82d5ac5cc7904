package import FoundationEssentials

extension Forecast {
  /// Between when and when the quota is used up at this pace; the later end is nil if it may last. Nil if it is expected
  /// to last even at a fast pace.
  package func exhaustion(of quota: Int64) -> (from: Date, to: Date?)? {
    guard used < quota else { return (at, at) }
    guard let from = moment(ofReaching: quota, Normal.fourOfFive) else { return nil }
    return (from, moment(ofReaching: quota, -Normal.fourOfFive))
  }

  /// When the counter reaches a mark at a pace so many standard deviations above what is expected; nil if not within the
  /// month.
  ///
  /// Within a day it is taken to grow evenly.
  private func moment(ofReaching mark: Int64, _ deviations: Double) -> Date? {
    var (before, time) = (Double(used), at)
    for day in rest.today + 1...rest.end {
      let after = outlook(at: day).value(deviations)
      let next = day == rest.end ? rest.periodEnd : at.addingTimeInterval(rest.days(upTo: day) * 86_400)
      if after >= Double(mark), after > before {
        let share = max(0, (Double(mark) - before) / (after - before))
        return time.addingTimeInterval(next.timeIntervalSince(time) * share)
      }
      // At a slow pace the margin can grow faster than the use does.
      (before, time) = (max(before, after), next)
    }
    return nil
  }
}
