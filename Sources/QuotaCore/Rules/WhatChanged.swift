/// Why a rule that compares a counter with the quota says something else than before, where it is not that more was used.
struct WhatChanged {
  private let month: ObservedMonth
  private let metric: Metric
  /// The evidence of what was said before this reading.
  private let evidence: Evidence?

  init(_ month: ObservedMonth, _ metric: Metric, _ previous: PreviousVerdict?) {
    self.month = month
    self.metric = metric
    evidence = previous?.evidence
  }

  /// `the quota was raised from 1,000 to 2,000`; nil if the quota has not changed, neither since the reading before nor since
  /// something was said, so that what happened between two runs is not missed.
  var quota: String? {
    let now = month.quota[metric]
    let known: [Int64??] = [month.quotaBefore.map { $0[metric] }, evidence.map(\.quota)]
    guard let before = known.compactMap({ $0 }).first(where: { $0 != now }) else { return nil }
    switch (before, now) {
    case (let before?, let now?):
      return "the quota was \(now > before ? "raised" : "lowered") from \(before.grouped) to \(now.grouped)"
    case (nil, let now?): return "a quota of \(now.grouped) was set"
    case (let before?, nil): return "the quota of \(before.grouped) was removed"
    case (nil, nil): return nil
    }
  }

  /// `the vendor has corrected the count from 900 to 700 (−200)`; nil if it has gone down neither since the reading before nor
  /// since something was said. In the latter case it may have been higher in between.
  var correction: String? {
    let now = month.snapshot.counters[metric]
    if let before = month.before?.counters[metric], before > now {
      return "the vendor has corrected the count from \(before.grouped) to \(now.grouped) (\((now - before).grouped))"
    }
    guard let said = evidence?.used, said > now else { return nil }
    return "the vendor has corrected the count to \(now.grouped), which was \(said.grouped) when this was said last"
  }

  /// Both, as the end of a sentence; empty where neither is.
  var words: String {
    let changes = [quota, correction].compactMap { $0 }
    return changes.isEmpty ? "" : "; " + changes.joined(separator: ", and ")
  }
}
