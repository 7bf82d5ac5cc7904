import FoundationEssentials
import QuotaCore
import WebServer

/// What the API shows, each by the use case and in the encoding of the command that prints the same.
struct APIResources: Sendable {
  /// What is in use at this moment.
  let setup: @Sendable () -> Setup

  var all: [APIRoutes.Resource] {
    [
      organizations, organization, series, forecasts, usage, alerts, silences, deliveries, runs, log, reconciliation,
      price,
    ]
  }

  /// A resource whose errors are problems of the API.
  private func resource(
    _ path: String, _ parameters: [String] = [], isEmbeddable: Bool = false,
    _ json: @escaping @Sendable (Setup, APIQuestion) async throws -> String
  ) -> APIRoutes.Resource {
    APIRoutes.Resource(path, parameters: parameters, isEmbeddable: isEmbeddable) { [setup] question in
      try await setup().seeing(question.visible).answering { try await json($0, question) }
    }
  }

  // MARK: - Where organizations stand

  private var organizations: APIRoutes.Resource {
    resource("organizations", APIPage<Void>.parameters) { setup, question in
      let page = try APIPage(of: setup.organizations(question), question) { $0.rawValue }
      return try await JSONText.list("status", setup.statusOutputs(of: page.items, question), next: page.next)
    }
  }

  private var organization: APIRoutes.Resource {
    resource("organizations/:organization", isEmbeddable: true) { setup, question in
      try await JSONText.list("status", setup.statusOutputs(of: setup.organizations(question), question))
    }
  }

  private var forecasts: APIRoutes.Resource {
    resource("forecasts", ["organization"] + APIPage<Void>.parameters) { setup, question in
      let page = try APIPage(of: setup.organizations(question), question) { $0.rawValue }
      let rows = try await setup.statusRows(of: page.items)
      return JSONText.list("forecasts", rows.compactMap { ForecastOutput($0) }, next: page.next)
    }
  }

  // MARK: - What was read

  private var series: APIRoutes.Resource {
    resource("organizations/:organization/series", ["month"] + APIPage<Void>.parameters) { setup, question in
      guard let organization = try setup.organizations(question).first else { throw Problem.noOrganization }
      let snapshots = try await setup.series(organization, month: question.month("month"))
      let page = try APIPage(of: snapshots, question) { String($0.id) }
      return JSONText.list("series", page.items.map { SnapshotOutput($0) }, next: page.next)
    }
  }

  private var usage: APIRoutes.Resource {
    resource("usage", ["from", "to", "organization"] + APIPage<Void>.parameters) { setup, question in
      let months = try question.months(containing: setup.world.now(), in: setup.configuration.billingTimeZone)
      let found = try await setup.usage(months, organizations: try question.only().map { [$0.rawValue] } ?? []).filter {
        question.sees($0.month.usage.snapshot.organization)
      }
      let page = try APIPage(of: found.map(\.month), question) { month in
        "\(month.usage.snapshot.organization)/\(month.usage.snapshot.month)"
      }
      return JSONText.list("usage", of: try setup.usageRows(page.items), next: page.next)
    }
  }

  // MARK: - What came of it

  private var alerts: APIRoutes.Resource {
    resource("alerts", ["all", "organization"] + APIPage<Void>.parameters) { setup, question in
      let only = try question.only()
      let found = try await setup.alerts(all: question.flag("all")).filter { alert in
        (only ?? alert.key.organization) == alert.key.organization && question.sees(alert.key.organization)
      }
      // Alerts outlive the organization that the configuration had.
      if found.isEmpty, only != nil { _ = try setup.organizations(question) }
      let page = try APIPage(of: found, question) { $0.key.description }
      let dead = try await setup.deadLetters(question)
      let marks = try await setup.alertMarks()
      return JSONText.list(
        "alerts", page.items.map { AlertOutput(question.shown($0), dead, marks.marks(of: $0)) }, next: page.next)
    }
  }

  private var silences: APIRoutes.Resource {
    resource("silences", ["all"] + APIPage<Void>.parameters) { setup, question in
      let found = try await setup.silences(all: question.flag("all")).filter { silence in
        silence.organization.map(question.sees) ?? (question.visible == nil)
      }
      let page = try APIPage(of: found, question) { "\($0.id)" }
      return JSONText.list("silences", page.items.map { SilenceOutput($0) }, next: page.next)
    }
  }

  private var log: APIRoutes.Resource {
    resource("log", APIPage<Void>.parameters) { setup, question in
      try question.requireAll("acts")
      let page = try await numbered(question, by: \.id) { try await setup.readLog(before: $0, limit: $1) }
      return JSONText.list("acts", page.items.map { ActOutput($0) }, next: page.next)
    }
  }

  private var deliveries: APIRoutes.Resource {
    resource("deliveries", ["dead"] + APIPage<Void>.parameters) { setup, question in
      try question.requireAll("deliveries")
      let (notifiers, deliveries) = try await setup.notifyList(dead: question.flag("dead"))
      let page = try APIPage(of: deliveries, question) { "\($0.message)/\($0.notifier)" }
      return JSONText.pretty(NotifyListOutput(notifiers, page.items, next: page.next))
    }
  }

  private var runs: APIRoutes.Resource {
    resource("runs", APIPage<Void>.parameters) { setup, question in
      try question.requireAll("runs")
      let page = try await numbered(question, by: \.id) { try await setup.runs(before: $0, limit: $1) }
      return JSONText.list("runs", page.items.map { RunOutput($0) }, next: page.next)
    }
  }

  /// The page of a list of what is numbered, the last one first, that is asked for.
  ///
  /// - Parameter read: reads those before a number, at most so many.
  private func numbered<Item>(
    _ question: APIQuestion, by number: (Item) -> Int64, _ read: (_ before: Int64?, _ limit: Int) async throws -> [Item]
  ) async throws -> APIPage<Item> {
    let last = try question.cursor().map { text throws(Problem) in
      guard let id = Int64(text) else { throw Problem.noCursor }
      return id
    }
    let limit = try question.limit()
    return APIPage(first: limit, of: try await read(last, limit + 1)[...]) { "\(number($0))" }
  }

  // MARK: - Invoices

  private var reconciliation: APIRoutes.Resource {
    resource("reconciliation/:month", ["organization", "as_of"] + APIPage<Void>.parameters) { setup, question in
      guard let month = try question.month("month") else { throw Problem.wrong("\"month\" is missing") }
      let time = (try question.moment("as_of") ?? setup.world.now()).roundedToMilliseconds
      let request = ReconciliationRequest(
        month...month, organizations: try question.only().map { [$0.rawValue] } ?? [], asOf: time)
      let months = try await setup.reconciliation(request, takingInbox: false).months.enumerated().filter { _, month in
        month.organization.map(question.sees) ?? (question.visible == nil)
      }
      let page = try APIPage(of: months, question) { "\($0.offset)/\($0.element.organization?.rawValue ?? "")" }
      let rows = try setup.reconciliationRows(page.items.map(\.element), at: time)
      return JSONText.list("reconciliation", of: rows, next: page.next)
    }
  }

  private var price: APIRoutes.Resource {
    resource("price", ["plan", "month", "pages", "conversions"]) { setup, question in
      guard let plan = question.text("plan") else { throw Problem.wrong("\"plan\" is missing") }
      // What others pay is not for who sees some organizations alone.
      guard question.visible == nil || setup.plans(of: question).contains(plan) else {
        throw Problem.nothing("there is no such plan, or not for you")
      }
      let counters = Counters(
        pages: try question.count("pages", in: 0...Quota.largest) ?? 0,
        conversions: try question.count("conversions", in: 0...Quota.largest) ?? 0)
      return JSONText.pretty(PriceOutput(try setup.price(plan: plan, month: question.month("month"), counters)))
    }
  }
}
