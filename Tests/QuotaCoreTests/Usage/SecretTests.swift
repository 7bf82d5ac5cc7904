import QuotaCore
import Testing

@Suite("Secrets")
struct SecretTests {
  @Test("a secret never prints itself")
  func printing() {
    struct Holder { let secret: Secret }
    let secret = Secret("hidden")
    var dumped = ""
    dump(Holder(secret: secret), to: &dumped)
    let texts = [
      "\(secret)", String(reflecting: secret), "\(Holder(secret: secret))", "\(Optional(secret) as Any)", dumped,
    ]
    #expect(texts.allSatisfy { !$0.contains("hidden") })
    #expect(secret.reveal() == "hidden")
  }
}
