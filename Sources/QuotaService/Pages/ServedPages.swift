import FoundationEssentials
import Pages
import QuotaCore
import WebServer

/// The pages of a server, made of what the commands show.
struct ServedPages: Sendable {
  let served: ServedConfiguration
  let check: StandingCheck
  let acting: Acting
  let isStuck: @Sendable () -> Bool
  private let templates: PageTemplates
  let startedAt: Date

  /// - Parameter isStuck: whether a run is not over long after its own deadlines.
  init(
    _ served: ServedConfiguration, _ check: StandingCheck, _ acting: Acting, isStuck: @escaping @Sendable () -> Bool
  ) throws {
    (self.served, self.check, self.acting, self.isStuck) = (served, check, acting, isStuck)
    templates = try PageTemplates()
    startedAt = served.state.setup.world.now()
  }

  var routes: PageRoutes {
    let actions = FormActions(acting: acting)
    let act: PageRoutes.ActionHandler = { try await actions($0, $1) }
    return PageRoutes(
      policy: { [served] in served.state.policy },
      pages: [
        "/": page { try await overview($0) },
        "/organizations/{organization}": page({ try await organization($0) }, act: act),
        "/organizations/{organization}/readings.csv": page { try await readings($0) },
        "/alerts": page({ try await alerts($0) }, act: act),
        "/deliveries": page({ try await deliveries($0) }, act: act),
        "/reconciliation": page({ try await months($0) }, act: act),
        "/reconciliation/{month}": page({ try await reconciliation($0) }, act: act),
        "/reconciliation/{month}/{format}": page { try await reconciliationFile($0) },
        "/system": page({ try await system($0) }, act: act),
      ],
      assets: PageAsset.all.map { PageRoutes.Asset(name: $0.name, type: $0.contentType, bytes: $0.bytes) }
    ) { notice in
      let frame = PageFrame(templates: templates, setup: served.state.setup, isFor: nil, warnings: [])
      return switch notice {
      case .signIn(let next, let problem): SignInPage(next: next, problem: problem).html(frame)
      case .problem(let title, let text): MessagePage(title, text).html(frame)
      }
    }
  }

  /// A page that says so where the database cannot be read.
  private func page(
    _ show: @escaping PageRoutes.Handler, act: PageRoutes.ActionHandler? = nil
  ) -> PageRoutes.Page {
    PageRoutes.Page({ inquiry in try await served.state.setup.answering { _ in try await show(inquiry) } }, act: act)
  }

  var embedRoutes: EmbedRoutes {
    EmbedRoutes(policy: { [served] in served.state.policy }, now: served.state.setup.world.now) { inquiry in
      try await served.state.setup.answering { _ in try await embed(inquiry) }
    } excuse: { query in
      EmbedPage(unavailable: query).html(
        PageFrame(templates: templates, setup: served.state.setup, isFor: nil, warnings: []))
    }
  }

  private func overview(_ inquiry: PageRoutes.Inquiry) async throws -> PageRoutes.Answer {
    let setup = served.state.setup
    var rows = try await setup.status([])
    if inquiry.organizations != nil { rows = rows.filter { inquiry.shows($0.organization) } }
    let page = OverviewPage(
      rows: rows, lastRun: inquiry.organizations == nil ? try await setup.lastRun() : nil,
      query: OverviewQuery(inquiry.query))
    return .page(page.html(try await frame(inquiry, setup)))
  }

  private func organization(_ inquiry: PageRoutes.Inquiry) async throws -> PageRoutes.Answer {
    let setup = served.state.setup
    guard let id = setup.organization(of: inquiry) else { return try await missing("organization", inquiry, setup) }
    let view = try await setup.organization(id, month: inquiry.query["month"].flatMap { BillingMonth($0) })
    let page = OrganizationPage(view, page: inquiry.query["readings"].flatMap { Int($0) } ?? 1)
    return .page(page.html(try await frame(inquiry, setup)))
  }

  private func readings(_ inquiry: PageRoutes.Inquiry) async throws -> PageRoutes.Answer {
    let setup = served.state.setup
    guard let id = setup.organization(of: inquiry) else { return try await missing("organization", inquiry, setup) }
    return .file(try await setup.exportReadings(id), type: "text/csv; charset=utf-8", name: "\(id)-readings.csv")
  }

  private func embed(_ inquiry: PageRoutes.Inquiry) async throws -> String? {
    let setup = served.state.setup
    guard let id = setup.organization(of: inquiry),
      let organization = setup.configuration.organizations.first(where: { $0.organization.id == id })?.organization
    else { return nil }
    let page = EmbedPage(organization, try await setup.status([id.rawValue]), inquiry.query)
    return page.html(try await frame(inquiry, setup))
  }

  func missing(
    _ what: String, _ inquiry: PageRoutes.Inquiry, _ setup: Setup
  ) async throws -> PageRoutes.Answer {
    .missing(MessagePage.missing(what).html(try await frame(inquiry, setup)))
  }

  func frame(_ inquiry: PageRoutes.Inquiry, _ setup: Setup) async throws -> PageFrame {
    let number = inquiry.query["act"].flatMap { Int64($0) }
    let (last, done) = try await setup.database.openForReading().read { reader in
      (try reader.lastActID(), try number.flatMap { try reader.act($0) })
    }
    var visitor = PageFrame.Visitor(seesAll: inquiry.organizations == nil)
    (visitor.name, visitor.isSignedIn, visitor.offersSignIn) = (inquiry.name, inquiry.isSignedIn, inquiry.offersSignIn)
    visitor.here = inquiry.address
    visitor.form = inquiry.mayAct ? .init(code: inquiry.formCode, seen: last) : nil
    (visitor.done, visitor.problem) = (
      done.flatMap { $0.isShown(to: inquiry.organizations) ? $0 : nil }, inquiry.problem
    )
    return PageFrame(templates: templates, setup: setup, isFor: visitor, warnings: try await warnings(inquiry, setup))
  }

  /// What concerns every figure.
  private func warnings(_ inquiry: PageRoutes.Inquiry, _ setup: Setup) async throws -> [String] {
    guard inquiry.organizations == nil else { return [] }
    let (trip, refusal) = try await setup.database.openForReading().read {
      (try $0.openBreakerTrip(), try $0.openKeyRefusal())
    }
    return [
      trip.map { _ in
        "The vendor’s figures as a whole are in doubt: alerts that rest on them wait until later readings confirm or "
          + "deny them."
      },
      refusal.map { "The vendor refuses every key since \($0.since.words(in: .gmt))." },
      served.reload.problem.map { "The configuration on the disk is wrong, and the one before is used: \($0)" },
    ].compactMap { $0 }
  }
}

extension PageFrame {
  /// - Parameter visitor: nil where nothing of anybody is shown.
  fileprivate init(templates: PageTemplates, setup: Setup, isFor visitor: Visitor?, warnings: [String]) {
    self.init(
      templates: templates, now: setup.world.now(), zone: setup.configuration.billingTimeZone,
      zoneName: setup.configuration.billingTimeZoneName, version: Version.current, visitor: visitor,
      warnings: warnings, freshnessLimit: Freshness.limit(every: setup.configuration.schedule?.every),
      isPast: setup.isPast)
  }
}

extension Setup {
  /// The organization that the path names; nil if there is none, or the visitor may not see it.
  fileprivate func organization(of inquiry: PageRoutes.Inquiry) -> OrganizationID? {
    let id = OrganizationID(inquiry.path["organization"] ?? "")
    return inquiry.shows(id) && configuration.organizations.contains { $0.organization.id == id } ? id : nil
  }

  /// What people call the configured organizations.
  func names(visibleTo inquiry: PageRoutes.Inquiry) -> [OrganizationID: String] {
    Dictionary(
      configuration.organizations.map(\.organization).filter { inquiry.shows($0.id) }.map { ($0.id, $0.name) }
    ) { first, _ in first }
  }
}
