import FoundationEssentials
import QuotaCore
import WebServer

/// What the forms of the pages do.
struct FormActions: Sendable {
  let acting: Acting

  /// What a form asks for; its name stands in the field `do`.
  private enum Action: String {
    case acknowledge, unacknowledge, silence
    case endSilence = "end-silence"
    case resend, dismiss
    case test, run, accept, dispute, rehearse
    case importInvoice = "import"

    /// Whether it is about all organizations.
    var isOfAll: Bool {
      switch self {
      case .test, .run, .rehearse, .importInvoice: true
      default: false
      }
    }
  }

  func callAsFunction(_ inquiry: PageRoutes.Inquiry, _ form: PageRoutes.Form) async throws -> PageRoutes.Outcome {
    guard let action = form.text("do").flatMap({ Action(rawValue: $0) }) else { return .failed("Nothing was chosen.") }
    guard !action.isOfAll || inquiry.organizations == nil else {
      return .failed("That concerns all organizations, and you may see some of them only.")
    }
    do {
      if action == .rehearse { return .rehearsed(acting.uploads.keep(try upload(form))) }
      let author = Author(
        name: inquiry.name ?? AccessPolicy.nobody, way: .page, organizations: inquiry.organizations)
      let act = try await acting(author, for: Self.key(inquiry, form)) { setup in
        try await perform(action, inquiry, form, setup)
      }
      return .done(act.id)
    } catch let error as ServiceError {
      return .failed(error.lines.joined(separator: " "))
    } catch let error as StoreError {
      return .failed(error.message)
    }
  }

  /// The same for a form that is sent twice. It bears the number of the last act when it was made, so that the same can be done
  /// again later.
  private static func key(_ inquiry: PageRoutes.Inquiry, _ form: PageRoutes.Form) -> RequestKey {
    let fields = form.lists.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.joined(separator: "\u{1F}"))" }
    let path = inquiry.path.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let text = (["page", inquiry.name ?? ""] + path + fields).joined(separator: "\u{1E}")
    let digest = ContentDigest.sha256(Array(text.utf8))
    return RequestKey(key: "page/\(digest)", digest: digest)
  }

  private func perform(
    _ action: Action, _ inquiry: PageRoutes.Inquiry, _ form: PageRoutes.Form, _ setup: Setup
  ) async throws {
    let name = setup.author.name
    switch action {
    case .acknowledge:
      let span = try span(form.text("for"))
      _ = try await setup.acknowledge(
        required("alert", form), seen: seen(form), by: name, for: span, note: form.text("note"), budget: nil)
      acting.send()
    case .unacknowledge:
      _ = try await setup.acknowledge.undo(required("alert", form), seen: seen(form))
    case .silence: _ = try await setup.addSilence(silence(form, setup))
    case .endSilence: try await setup.removeSilence(Int64(required("silence", form)) ?? 0, by: name)
    case .resend:
      _ = try await setup.notifyRetry(event: nil, seen: messages(form), budget: nil)
      acting.send()
    case .dismiss: _ = try await setup.dismiss(nil, seen: messages(form), by: name)
    case .test: _ = try await setup.notifyTest([required("notifier", form)])
    case .run: try await acting.run(setup)
    case .accept, .dispute: try await review(action == .accept ? .accepted : .disputed, inquiry, form, setup)
    case .rehearse, .importInvoice:
      guard let upload = acting.uploads.upload(try required("upload", form)) else {
        throw ServiceError(.usage, "The file is not at hand any more: choose it again.")
      }
      _ = try await setup.importInvoices(upload, dryRun: false)
    }
  }

  /// What the page showed of the alert.
  private func seen(_ form: PageRoutes.Form) throws -> AcknowledgeAlerts.Seen {
    AcknowledgeAlerts.Seen(episode: try required("episode", form), mark: form.text("acknowledgement"))
  }

  /// The messages that the page showed.
  private func messages(_ form: PageRoutes.Form) throws -> Set<MessageID> {
    Set(try required("messages", form).split(separator: " ").map { MessageID(String($0)) })
  }

  private func required(_ field: String, _ form: PageRoutes.Form) throws -> String {
    guard let text = form.text(field) else { throw ServiceError(.usage, "The field “\(field)” is empty.") }
    return text
  }

  private func span(_ text: String?) throws -> TimeSpan? {
    try text.map { text in
      guard let span = TimeSpan(text) else { throw ServiceError(.usage, "A length of time looks like 6h, 2d or 1w.") }
      return span
    }
  }

  private func silence(_ form: PageRoutes.Form, _ setup: Setup) throws -> AddSilence.Request {
    var choice = OrganizationChoice()
    choice.ids = form.text("organization").map { [$0] } ?? []
    choice.tags = form.text("tag").map { [$0] } ?? []
    let organizations = try setup.configuration.chosen(choice)
    let rule = form.text("rule")
    guard !organizations.isEmpty || rule != nil else {
      throw ServiceError(.usage, "Choose an organization, a tag, a rule, or several of them.")
    }
    return AddSilence.Request(
      organizations: organizations, rule: rule, until: try end(form, at: setup.world.now()),
      reason: try required("reason", form), createdBy: setup.author.name)
  }

  /// The moment that is chosen, or so long from now.
  private func end(_ form: PageRoutes.Form, at now: Date) throws -> Date {
    if let text = form.text("until") {
      // As browsers write it: 2026-12-01T08:00, or with seconds.
      guard let date = Date(zonedISO8601: text + "Z") else {
        throw ServiceError(.usage, "A moment looks like 2026-12-01T08:00.")
      }
      return date
    }
    guard let span = try span(form.text("for")) else { throw ServiceError(.usage, "Say how long it is to last.") }
    return now + span
  }

  private func review(
    _ status: ReconciliationStatus, _ inquiry: PageRoutes.Inquiry, _ form: PageRoutes.Form, _ setup: Setup
  ) async throws {
    guard let month = inquiry.path["month"].flatMap({ BillingMonth($0) }) else {
      throw ServiceError(.usage, "There is no such month.")
    }
    let organization = try required("organization", form)
    guard inquiry.shows(OrganizationID(organization)) else {
      throw ServiceError(.usage, "There is no such organization here.")
    }
    let note = try required("note", form)
    try checkLine(note, "The note")
    _ = try await setup.review(
      required("row", form), of: organization, month, as: status, note: note, shown: required("shown", form),
      by: setup.author.name)
  }

  private func upload(_ form: PageRoutes.Form) throws -> UploadedFiles.Upload {
    guard let invoice = form.files["file"], !invoice.bytes.isEmpty else {
      throw ServiceError(.usage, "Choose a file that is not empty.")
    }
    let mappingFile = form.files["mapping-file"]
    return UploadedFiles.Upload(
      invoice: invoice, mapping: form.text("mapping") ?? InvoiceMapping.Ready.plain.rawValue,
      mappingFile: mappingFile?.bytes.isEmpty == false ? mappingFile : nil, replaces: form.text("replace") != nil)
  }
}
