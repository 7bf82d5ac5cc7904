package import FoundationEssentials
package import QuotaCore

/// What all pages have around them.
package struct PageFrame: Sendable {
  let templates: PageTemplates
  /// The moment that the page is of.
  let now: Date
  /// The billing time zone, and its name as configured.
  let zone: TimeZone
  let zoneName: String
  let version: String
  /// Whether the visitor sees every organization.
  let seesAll: Bool
  /// What concerns every figure, a line each, such as that they are in doubt.
  let warnings: [String]
  /// How old a figure may be.
  let freshnessLimit: TimeSpan
  /// Whether the moment is one that was asked for, and not the present.
  let isPast: Bool

  package init(
    templates: PageTemplates, now: Date, zone: TimeZone, zoneName: String, version: String, seesAll: Bool,
    warnings: [String], freshnessLimit: TimeSpan, isPast: Bool = false
  ) {
    self.templates = templates
    self.now = now
    (self.zone, self.zoneName) = (zone, zoneName)
    self.version = version
    self.seesAll = seesAll
    self.warnings = warnings
    self.freshnessLimit = freshnessLimit
    self.isPast = isPast
  }

  /// The parts of the site.
  enum Place: String, CaseIterable {
    case overview = "/"
    case alerts = "/alerts"
    case deliveries = "/deliveries"
    case reconciliation = "/reconciliation"
    case system = "/system"

    var name: String {
      switch self {
      case .overview: "Overview"
      case .alerts: "Alerts"
      case .deliveries: "Deliveries"
      case .reconciliation: "Reconciliation"
      case .system: "System"
      }
    }
  }

  /// The billing month that is now.
  var month: BillingMonth? { BillingMonth(containing: now, in: zone) }

  /// A whole document.
  ///
  /// - Parameter place: the part of the site that it belongs to.
  func document(_ title: String, at place: Place?, _ template: String, _ fields: PageFields) -> String {
    let places = Place.allCases.filter { $0 != .system || seesAll }
    let shell = templates.render(
      "shell",
      [
        "title": .text(title), "version": .text(version), "zone": .text(zoneName),
        "style": .text(PageAsset.style.path), "script": .text(PageAsset.script.path),
        "icon": .text(PageAsset.icon.path), "past": isPast ? .text(now.iso8601) : .none,
        "pastTime": isPast ? .markup(time(now)) : .none,
        "places": .list(
          places.map {
            ["href": .text($0.rawValue), "name": .text($0.name), "isCurrent": .flag($0 == place)]
          }),
        "warnings": .list(warnings.map { ["warning": .text($0)] }),
        "body": .markup(templates.render(template, fields)),
      ])
    return shell.html
  }

  /// A moment.
  func time(_ date: Date) -> Markup { Self.time(date, "") }

  /// A moment that is of interest for how long ago it is, which the script says instead.
  func age(_ date: Date) -> Markup { Self.time(date, " class=\"age\"") }

  private static func time(_ date: Date, _ attribute: String) -> Markup {
    Markup("<time datetime=\"\(date.iso8601)\"\(attribute)>\(date.words(in: .gmt).escapedForHTML)</time>")
  }

  func time(ifAny date: Date?) -> Markup? { date.map(time) }

  /// `28 Nov`, in the billing time zone.
  func day(_ date: Date) -> String { DayText.day(LocalTime(date, in: zone).day) }
}
