import FoundationEssentials
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("A webhook's signature")
struct WebhookSignatureTests {
  @Test("equals the published example of Standard Webhooks")
  func published() throws {
    let key = try #require(SigningKey(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
    let signature = WebhookSignature(
      messageID: "msg_p5jXN8AQM9LWM0D4loKWxJek", time: Date(timeIntervalSince1970: 1_614_265_330),
      body: Array(#"{"test": 2432232314}"#.utf8), keys: [key])
    #expect(signature.signatures == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test("has an id without dots, the same for the same event and different for others")
  func ids() {
    let ids = ["r/a.b/2026-11/pages/99.5%/firing/1", "r/a.b/2026-11/pages/99.5%/firing/2", "test/x/1"].map {
      WebhookSignature.messageID(for: MessageID(rawValue: $0))
    }
    #expect(ids[0] == WebhookSignature.messageID(for: MessageID(rawValue: "r/a.b/2026-11/pages/99.5%/firing/1")))
    #expect(Set(ids).count == 3)
    #expect(ids.allSatisfy { $0.count == 36 && $0.hasPrefix("msg_") && !$0.contains(".") })
  }

  @Test("takes keys of 24 to 64 bytes", arguments: [24, 32, 64])
  func keys(count: Int) {
    #expect(SigningKey(Secret("whsec_" + Data(repeating: 7, count: count).base64EncodedString())) != nil)
  }
}
