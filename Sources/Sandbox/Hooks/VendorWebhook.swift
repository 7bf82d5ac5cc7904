import Crypto
package import FoundationEssentials
import QuotaCore

/// A webhook as the vendor sends it: JSON, signed with the endpoint's secret over the raw body.
package struct VendorWebhook: Sendable {
  package let body: [UInt8]
  /// Names and values, in order.
  package let headers: [(name: String, value: String)]

  /// The webhook about an execution as it is at a moment.
  package init(_ execution: SimulatedExecution, at now: Date, secret: String) {
    self.init(body: Array(execution.event(at: now).utf8), secret: secret)
  }

  /// A webhook with any body.
  package init(body: [UInt8], secret: String) {
    self.body = body
    let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
    headers = [
      ("Content-Type", "application/json"), ("User-Agent", "Docutray-Webhook/1.0"),
      ("X-Docutray-Signature", "sha256=\(code.hexadecimal)"),
    ]
  }
}
