import FoundationEssentials
import Logging
import QuotaCore
import WebServer

/// What can be done through the API, each by the use case of the command that does the same.
struct APIActions: Sendable {
  let acting: Acting

  var all: [APIActionRoutes.Action] {
    [
      acknowledge, unacknowledge, silence, endSilence, resend, dismiss, test, run, review, importInvoice, embed, reload,
    ]
  }

  private typealias Action = APIActionRoutes.Action
  private typealias Order = APIActionRoutes.Order

  /// Does something, and answers with what the log says of it.
  private func done(_ order: Order, _ work: @escaping @Sendable (Setup) async throws -> Void) async throws -> String {
    JSONText.pretty(ActAnswer(act: ActOutput(try await act(order, work))))
  }

  private func act(_ order: Order, _ work: (Setup) async throws -> Void) async throws -> Act {
    do {
      return try await acting(order.author, for: order.request, work)
    } catch is RequestKeyReused {
      throw Problem.refused("something else was asked for with this \"Idempotency-Key\"; take another one")
    } catch let error as StoreError {
      throw problem(ServiceError(error))
    } catch let error as ServiceError {
      throw problem(error)
    }
  }

  private func problem(_ error: ServiceError) -> Problem {
    let detail = error.lines.joined(separator: "; ")
    switch error.status {
    case .busy, .inputOutput:
      acting.served.state.setup.world.logger.error("something that was asked for was not done: \(detail)")
      return .unavailable("it cannot be done now; the log of the server says why")
    default: return .refused(detail)
    }
  }

  // MARK: - Alerts

  private var acknowledge: Action {
    Action(.post, "acknowledgements", fields: ["alert", "for", "note"], success: .created) { order in
      let (alert, span, note) = (
        try order.body.required("alert"), try order.body.span("for"), try order.body.text("note")
      )
      let answer = try await done(order) { setup in
        _ = try await setup.acknowledge(alert, by: setup.author.name, for: span, note: note, budget: nil)
      }
      acting.send()
      return answer
    }
  }

  private var unacknowledge: Action {
    Action(.delete, "acknowledgements", parameters: ["alert"]) { order in
      guard let alert = order.question.text("alert") else { throw Problem.wrong("\"alert\" is missing") }
      return try await done(order) { _ = try await $0.acknowledge.undo(alert) }
    }
  }

  private var silence: Action {
    Action(
      .post, "silences", fields: ["organizations", "tags", "rule", "for", "until", "reason"], success: .created
    ) { order in
      let body = order.body
      let choice = OrganizationChoice(ids: try body.texts("organizations"), tags: try body.texts("tags"))
      let (rule, reason) = (try body.text("rule"), try body.required("reason"))
      let (span, moment) = (try body.span("for"), try body.moment("until"))
      guard (span == nil) != (moment == nil) else { throw Problem.wrong("give either \"for\" or \"until\"") }
      guard !choice.ids.isEmpty || !choice.tags.isEmpty || rule != nil else {
        throw Problem.wrong("name \"organizations\", \"tags\", a \"rule\", or several of them")
      }
      return try await done(order) { setup in
        let chosen = try setup.configuration.chosen(choice)
        let until = moment ?? span.map { setup.world.now() + $0 } ?? .distantPast
        _ = try await setup.addSilence(
          .init(organizations: chosen, rule: rule, until: until, reason: reason, createdBy: setup.author.name))
      }
    }
  }

  private var endSilence: Action {
    Action(.delete, "silences/:silence") { order in
      guard let id = order.question.number("silence") else { throw Problem.nothing("there is no such silence") }
      return try await done(order) { try await $0.removeSilence(id, by: $0.author.name) }
    }
  }

  // MARK: - Deliveries

  private var resend: Action {
    Action(.post, "deliveries/resend", fields: ["message", "all"]) { order in
      let message = try order.body.text("message")
      guard try order.body.flag("all") == (message == nil) else {
        throw Problem.wrong("give either \"message\", or \"all\": true")
      }
      let answer = try await done(order) { _ = try await $0.notifyRetry(event: message, budget: nil) }
      acting.send()
      return answer
    }
  }

  private var dismiss: Action {
    Action(.post, "deliveries/dismiss", fields: ["messages", "all"]) { order in
      let messages = try order.body.texts("messages")
      guard try order.body.flag("all") == messages.isEmpty else {
        throw Problem.wrong("give either \"messages\", or \"all\": true")
      }
      return try await done(order) {
        _ = try await $0.dismiss(messages.isEmpty ? nil : messages, by: $0.author.name)
      }
    }
  }

  private var test: Action {
    Action(.post, "notifiers/:notifier/test") { order in
      try order.question.requireAll("channels")
      let notifier = order.question.pathText("notifier")
      return try await done(order) { _ = try await $0.notifyTest([notifier]) }
    }
  }

  // MARK: - Runs, and the program itself

  private var run: Action {
    Action(.post, "runs", success: .accepted) { order in
      try order.question.requireAll("runs")
      return try await done(order) { try await acting.run($0) }
    }
  }

  private var reload: Action {
    Action(.post, "reload", scopes: [.admin], success: .accepted) { order in
      try order.question.requireAll("settings")
      return try await done(order) { try await acting.readConfigurationAnew($0) }
    }
  }

  // MARK: - Invoices

  private var review: Action {
    Action(
      .post, "reviews", fields: ["organization", "month", "row", "status", "note", "shown"], success: .created
    ) { order in
      let body = order.body
      let (organization, row) = (try body.required("organization"), try body.required("row"))
      let (note, shown) = (try body.required("note"), try body.text("shown"))
      guard let month = BillingMonth(try body.required("month")) else {
        throw Problem.wrong("\"month\" is a month such as 2026-11")
      }
      let word = try body.required("status")
      guard let status = ReconciliationStatus(rawValue: word), [.accepted, .disputed].contains(status) else {
        throw Problem.wrong("\"status\" is accepted or disputed")
      }
      guard order.question.sees(OrganizationID(organization)) else { throw Problem.noOrganization }
      return try await done(order) { setup in
        try checkLine(note, "\"note\"")
        _ = try await setup.review(
          row, of: organization, month, as: status, note: note, shown: shown, by: setup.author.name)
      }
    }
  }

  private var importInvoice: Action {
    Action(.post, "invoices", parameters: ["file", "mapping", "replace", "dry_run"], fields: nil) { order in
      try order.question.requireAll("invoices")
      let question = order.question
      let upload = UploadedFiles.Upload(
        invoice: .init(name: question.text("file") ?? "invoice", bytes: order.body.bytes),
        mapping: question.text("mapping") ?? InvoiceMapping.Ready.plain.rawValue, mappingFile: nil,
        replaces: try question.flag("replace"))
      guard try question.flag("dry_run") else {
        return try await done(order) { _ = try await $0.importInvoices(upload, dryRun: false) }
      }
      do {
        let report = try await acting.served.state.setup.importInvoices(upload, dryRun: true)
        return JSONText.pretty(InvoiceImportOutput(report, dryRun: true))
      } catch let error as ServiceError {
        throw problem(error)
      }
    }
  }

  // MARK: - Other pages

  private var embed: Action {
    // Who lets others see an organization has to see it.
    Action(
      .post, "embed-tokens", scopes: [.read, .act], fields: ["organization", "kind", "for"], success: .created
    ) { order in
      let body = order.body
      let (organization, span) = (try body.required("organization"), try body.span("for"))
      let word = try body.text("kind") ?? EmbedToken.Kind.page.rawValue
      guard let kind = EmbedToken.Kind(rawValue: word) else { throw Problem.wrong("\"kind\" is page or badge") }
      guard order.question.sees(OrganizationID(organization)) else { throw Problem.noOrganization }
      let act = try await act(order) { setup in
        _ = try await setup.mintEmbedToken(organization, kind, for: span)
        try await setup.note(
          .embed, "made a token that shows the \(kind.rawValue) of \(organization)", of: [OrganizationID(organization)])
      }
      do {
        // The same for the same request: it is signed, not stored.
        let minted = try await acting.served.state.setup.mintEmbedToken(organization, kind, for: span, at: act.at)
        return JSONText.pretty(EmbedOutput(minted))
      } catch let error as ServiceError {
        throw problem(error)
      }
    }
  }
}

/// What was done, as JSON.
private struct ActAnswer: Encodable {
  let act: ActOutput
}
