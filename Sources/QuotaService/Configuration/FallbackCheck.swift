import Notifiers
import QuotaCore

extension Configuration {
  /// Reports notifiers that stand in for themselves, in one step or in several, and clients' notifiers that would have to
  /// stand in for others than their own organization.
  static func checkFallbacks(of notifiers: [ConfiguredNotifier], in node: JSONNode, _ issues: ConfigurationIssues) {
    let policies = Dictionary(notifiers.map { ($0.id, $0.configuration.policy) }) { first, _ in first }
    for notifier in notifiers {
      guard case .array(let items)? = node[notifier.id.rawValue]?["fallback_notify"]?.value else { continue }
      for (index, item) in items.enumerated() {
        guard let name = item.string.map({ NotifierID($0) }), let policy = policies[name] else { continue }
        let place = "notifiers.\(notifier.id).fallback_notify[\(index)]"
        if name == notifier.id {
          issues.report("a notifier cannot stand in for itself", path: place, offset: item.offset)
        } else if let chain = chain(from: name, to: notifier.id, policies) {
          let words = ([notifier.id] + chain).map(\.rawValue).joined(separator: " → ")
          issues.report("goes round in a circle: \(words)", path: place, offset: item.offset)
        } else if let owner = policy.organization, owner != policies[notifier.id]?.organization {
          issues.report(
            "\"\(name)\" belongs to \(owner) and must not hear of others; name it only in notifiers of \(owner)",
            path: place, offset: item.offset)
        }
      }
    }
  }

  /// The way from one notifier to another over those who stand in; nil if there is none.
  private static func chain(
    from start: NotifierID, to end: NotifierID, _ policies: [NotifierID: DeliveryPolicy]
  ) -> [NotifierID]? {
    var paths = [[start]]
    var seen: Set<NotifierID> = [start]
    while !paths.isEmpty {
      let path = paths.removeFirst()
      if path.last == end { return path }
      for next in path.last.flatMap({ policies[$0]?.fallback }) ?? [] where seen.insert(next).inserted {
        paths.append(path + [next])
      }
    }
    return nil
  }
}
