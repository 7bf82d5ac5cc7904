import FoundationEssentials
import QuotaCore

/// The first lines for rules about the usage profile and about the data themselves.
extension EventHeadline {
  static func forecast(_ event: Event, name: String) -> EventHeadline {
    guard let metric = event.metric?.rawValue, let month = event.month, let quota = event.evidence.quota,
      let projected = event.evidence.projected
    else { return reason(event, name: name) }
    let share = Percent.whole(projected, of: quota).map { "\(MessageFormat.number($0)) % of" } ?? "above"
    let figures = "\(MessageFormat.number(projected)) of \(MessageFormat.number(quota))"
    let end = event.evidence.exhaustedFrom.map { ", which runs out from \(MessageFormat.day($0)) on" } ?? ""
    if event.transition == .resolved {
      return EventHeadline(
        name, "\(metric) will stay within the quota (\(month))",
        "\(name) is expected to stay within its \(metric) quota for \(month) (\(figures))")
    }
    return EventHeadline(
      name, "heading for \(share) \(metric) (\(month))",
      "\(name) is heading for \(share) its \(metric) quota for \(month) (\(figures))\(end)")
  }

  static func spike(_ event: Event, name: String) -> EventHeadline {
    guard let metric = event.metric?.rawValue, let used = event.evidence.used, let usual = event.evidence.baseline,
      let window = event.evidence.windowSeconds
    else { return reason(event, name: name) }
    let within = "within \(MessageFormat.span(seconds: window))"
    let figures = "\(MessageFormat.number(used)) \(metric) \(within)"
    if event.transition == .resolved {
      return EventHeadline(
        name, "\(metric) as usual again", "\(name) uses \(metric) as usual again (\(figures))")
    }
    return EventHeadline(
      name, "\(figures), usual are \(MessageFormat.number(usual))",
      "\(name) has used \(figures), where \(MessageFormat.number(usual)) are usual")
  }

  static func idle(_ event: Event, name: String) -> EventHeadline {
    let what = event.metric?.rawValue ?? "usage"
    if event.transition == .resolved {
      return EventHeadline(name, "\(what) again", "\(name) has \(what) again")
    }
    let since = event.evidence.observedAfter.map { " since \(MessageFormat.time($0))" } ?? ""
    return EventHeadline(name, "no \(what)\(since)", "\(name) has had no \(what)\(since), which is unusual")
  }

  static func correction(_ event: Event, name: String) -> EventHeadline {
    guard let metric = event.metric?.rawValue, let month = event.month, let before = event.evidence.before,
      let used = event.evidence.used
    else { return reason(event, name: name) }
    let change = "from \(MessageFormat.number(before)) to \(MessageFormat.number(used))"
    return EventHeadline(
      name, "\(metric) corrected \(change) (\(month))",
      "The vendor has corrected the \(metric) of \(name) for \(month) \(change)")
  }

  /// Names the other organization: only those who see all of them are told.
  static func duplicateKey(_ event: Event, name: String) -> EventHeadline {
    if event.transition == .resolved {
      return EventHeadline(
        name, "figures of its own again", "\(name) does not show the same figures as another key any more")
    }
    let other = event.evidence.otherOrganization?.rawValue ?? "another key"
    return EventHeadline(
      name, "same figures as \(other)",
      "\(name) shows the same figures as \(other): probably one organization that is counted twice")
  }

  static func spend(_ event: Event, name: String) -> EventHeadline {
    guard let amount = event.evidence.amount, let month = event.month else { return reason(event, name: name) }
    let money = event.evidence.currency.map { "\(amount) \($0)" } ?? amount
    if event.transition == .resolved {
      return EventHeadline(
        name, "cost below the limit again (\(month))",
        "The cost of \(name) for \(month) is below the limit again (\(money))")
    }
    return EventHeadline(
      name, "cost of \(money) (\(month))",
      "\(name) costs \(money) in \(month), or is expected to, which is at or above the limit")
  }

  static func reason(_ event: Event, name: String) -> EventHeadline {
    let reason = ForeignText.line(event.reason, limit: 500)
    return EventHeadline(name, reason, "\(name): \(reason)")
  }
}
