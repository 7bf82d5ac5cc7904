import Hummingbird
import QuotaCore

/// `/sandbox/webhooks`: sends the vendor's webhook about an execution, signed, to an address.
extension Control {
  private struct Sending {
    let execution: SimulatedExecution
    let url: String
    let secret: String
  }

  func registerWebhooks(on router: Router<SandboxContext>) {
    router.post("/sandbox/webhooks") { request, _ in
      let sending: Sending
      do {
        sending = try await ControlExchange.input(request, self.sending)
      } catch let error as ControlError {
        return try ControlExchange.answer(["error": error.message], status: .badRequest)
      }
      let webhook = VendorWebhook(sending.execution, at: vendor.now, secret: sending.secret)
      do {
        return try ControlExchange.answer(try await WebhookSender.send(webhook, to: sending.url))
      } catch let failure as WebhookSender.Failure {
        return try ControlExchange.answer(["error": failure.message], status: .badGateway)
      }
    }
  }

  private func sending(_ object: inout ConfigurationObject) -> Sending? {
    let url = object.required("url")?.string()
    let secret = object.required("secret")?.string()
    let id = object.required("execution")
    guard let id, let text = id.string() else { return nil }
    guard let execution = vendor.executions.first(where: { $0.id.rawValue == text }) else {
      id.report("there is no execution \"\(text)\"; GET /sandbox/executions lists them")
      return nil
    }
    guard let url, let secret else { return nil }
    return Sending(execution: execution, url: url, secret: secret)
  }
}
