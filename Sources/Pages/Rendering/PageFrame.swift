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
  /// Who looks; nil where nothing of anybody is shown.
  let visitor: Visitor?
  /// What concerns every figure, a line each, such as that they are in doubt.
  let warnings: [String]
  /// How old a figure may be.
  let freshnessLimit: TimeSpan
  /// Whether the moment is one that was asked for, and not the present.
  let isPast: Bool

  package init(
    templates: PageTemplates, now: Date, zone: TimeZone, zoneName: String, version: String, visitor: Visitor?,
    warnings: [String], freshnessLimit: TimeSpan, isPast: Bool = false
  ) {
    self.templates = templates
    self.now = now
    (self.zone, self.zoneName) = (zone, zoneName)
    self.version = version
    self.visitor = visitor
    self.warnings = warnings
    self.freshnessLimit = freshnessLimit
    self.isPast = isPast
  }

  /// Who looks at a page, and what they did last.
  package struct Visitor: Sendable {
    /// Whether they see every organization.
    package let seesAll: Bool
    package var name: String?
    package var isSignedIn = false
    /// Whether they could act if they signed in.
    package var offersSignIn = false
    /// The address of the page.
    package var here = "/"
    /// What a form has to bear; nil for who may not act.
    package var form: FormMarks?
    /// What they have just done.
    package var done: Act?
    /// Why that was not done which they have just asked for.
    package var problem: String?

    package init(seesAll: Bool) { self.seesAll = seesAll }
  }

  /// What forms bear besides their fields.
  package struct FormMarks: Sendable {
    let code: String
    /// The number of the last act: what is asked for anew after it is another request.
    let seen: Int64

    package init(code: String, seen: Int64) { (self.code, self.seen) = (code, seen) }
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
    let places = visitor.map { visitor in Place.allCases.filter { $0 != .system || visitor.seesAll } } ?? []
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
        "body": .markup(templates.render(template, fields.merging(marks) { own, _ in own })),
      ].merging(aboutVisitor) { own, _ in own })
    return shell.html
  }

  /// Whether the visitor may act.
  var mayAct: Bool { visitor?.form != nil }

  /// What forms bear, wherever they stand in a template.
  private var marks: PageFields {
    [
      "mayAct": .flag(mayAct), "formCode": .text(visitor?.form?.code ?? ""),
      "formSeen": .text("\(visitor?.form?.seen ?? 0)"),
    ]
  }

  /// What was done, as a sentence.
  private static func shown(_ act: Act) -> String {
    let words = TimedText(stamped: act.words).text(in: .gmt)
    return words.withCapital
  }

  private var aboutVisitor: PageFields {
    [
      "visitor": .text(ifAny: visitor?.name), "isSignedIn": .flag(visitor?.isSignedIn ?? false),
      "offersSignIn": .flag(visitor?.offersSignIn ?? false), "problem": .text(ifAny: visitor?.problem),
      "signIn": .text(PageLink.to("/sign-in", [("next", visitor?.here ?? "/")])),
      "done": visitor?.done.map { act in
        .fields([
          "words": .text(Self.shown(act)), "by": .text(act.by),
          "at": .markup(time(act.at)),
        ])
      } ?? .none,
    ]
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
