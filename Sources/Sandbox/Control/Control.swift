import Hummingbird
import QuotaCore

/// The routes below `/sandbox`, by which another process steers a sandbox: one file per route.
struct Control: Sendable {
  let vendor: SimulatedVendor
  let hooks: WebhookSink
  let mail: MailSink

  func register(on router: Router<SandboxContext>) {
    registerHelp(on: router)
    registerOrganizations(on: router)
    registerKeys(on: router)
    registerClock(on: router)
    registerUsage(on: router)
    registerFaults(on: router)
    registerRateLimit(on: router)
    registerRequests(on: router)
    registerHooks(on: router)
    registerMail(on: router)
    registerExecutions(on: router)
    registerWebhooks(on: router)
  }

  private func registerHelp(on router: Router<SandboxContext>) {
    router.get("/sandbox") { _, context in
      let text = ControlHelp.text(
        baseURL: Sandbox.baseURL(port: context.channel.localAddress?.port ?? 0), mailPort: mail.port,
        organizations: vendor.organizations)
      return Response(
        status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
  }

  /// Decodes the id of an organization that exists.
  func organization(_ node: ConfigurationNode) -> OrganizationID? {
    guard let text = node.string() else { return nil }
    guard let known = vendor.organizations.first(where: { $0.id.rawValue == text }) else {
      node.report("there is no organization \"\(text)\"; GET /sandbox/organizations lists them")
      return nil
    }
    return known.id
  }
}
