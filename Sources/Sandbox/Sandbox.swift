package import FoundationEssentials
import Hummingbird

/// A simulated DocuTray vendor, a receiver of webhooks and a receiver of mail, all on 127.0.0.1.
///
/// Any number of them can run in one process.
package final class Sandbox: Sendable {
  /// The simulated vendor behind `/api`.
  package let vendor: SimulatedVendor
  /// What is sent to `/hooks/…` and `/slack/…`.
  package let hooks: WebhookSink
  /// What is sent over SMTP.
  package let mail: MailSink
  /// The port of the vendor, the webhooks and the control surface.
  package let port: Int
  private let server: LoopbackServer

  private init(vendor: SimulatedVendor, hooks: WebhookSink, mail: MailSink, server: LoopbackServer) {
    self.vendor = vendor
    self.hooks = hooks
    self.mail = mail
    self.server = server
    port = server.port
  }

  /// Such as `http://127.0.0.1:8080`, without a slash at the end.
  package var baseURL: String { Self.baseURL(port: port) }

  /// The text of `GET /sandbox`: addresses, keys and how to steer it.
  package var help: String {
    ControlHelp.text(baseURL: baseURL, mailPort: mail.port, organizations: vendor.organizations)
  }

  /// Starts a sandbox; who starts it stops it with ``stop()``. Throws ``SandboxError`` if a port cannot be had.
  ///
  /// - Parameters:
  ///   - clock: what the vendor takes for now.
  ///   - timeZone: the one that the vendor's months begin in.
  ///   - port: for HTTP; 0 for any free one.
  ///   - mailPort: for SMTP; 0 for any free one.
  ///   - remembering: how many of the latest requests, webhooks and mails are kept for looking at.
  package static func start(
    organizations: [SimulatedOrganization] = [], clock: VendorClock, timeZone: TimeZone = .gmt, port: Int = 0,
    mailPort: Int = 0, remembering: Int = 10_000
  ) async throws -> Sandbox {
    let vendor = SimulatedVendor(
      organizations: organizations, clock: clock, timeZone: timeZone, remembering: remembering)
    let hooks = WebhookSink(remembering: remembering)
    let mail = try await MailSink.start(port: mailPort, remembering: remembering)
    do {
      let router = Router(context: SandboxContext.self)
      UsageEndpoint(vendor: vendor).register(on: router)
      ExecuteEndpoint(vendor: vendor).register(on: router)
      StatusEndpoint(vendor: vendor).register(on: router)
      hooks.register(on: router)
      Control(vendor: vendor, hooks: hooks, mail: mail).register(on: router)
      let server = try await LoopbackServer.start(router, port: port) { vendor.now }
      return Sandbox(vendor: vendor, hooks: hooks, mail: mail, server: server)
    } catch {
      await mail.stop()
      throw error
    }
  }

  /// Runs a sandbox for as long as the body takes, and stops it however the body ends.
  package static func withRunning<Value: Sendable>(
    organizations: [SimulatedOrganization] = [], clock: VendorClock, timeZone: TimeZone = .gmt, port: Int = 0,
    mailPort: Int = 0, remembering: Int = 10_000, _ body: (Sandbox) async throws -> Value
  ) async throws -> Value {
    let sandbox = try await start(
      organizations: organizations, clock: clock, timeZone: timeZone, port: port, mailPort: mailPort,
      remembering: remembering)
    let outcome: Result<Value, any Error>
    do {
      outcome = .success(try await body(sandbox))
    } catch {
      outcome = .failure(error)
    }
    await sandbox.stop()
    return try outcome.get()
  }

  /// Ends every connection and frees the ports; hanging requests are cut off.
  package func stop() async {
    await server.stop()
    await mail.stop()
  }

  static func baseURL(port: Int) -> String { "http://127.0.0.1:\(port)" }
}
