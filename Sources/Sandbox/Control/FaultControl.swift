import Hummingbird
import QuotaCore

/// `/sandbox/faults`: what goes wrong with the vendor's answers.
extension Control {
  private struct PlannedFault {
    let fault: Fault
    let times: Int?
    let organization: OrganizationID?
    let endpoint: VendorEndpoint?
  }

  func registerFaults(on router: Router<SandboxContext>) {
    router.post("/sandbox/faults") { request, _ in
      try await ControlExchange.take(request) { object -> PlannedFault? in
        let organization = object.optional("organization").map { self.organization($0) }
        let times = object.optional("times").map { $0.integer(in: 1...1_000_000_000) }
        let endpoint = object.optional("endpoint").map { $0.choice(of: VendorEndpoint.self) }
        guard let name = object.required("fault")?.choice(of: Fault.Name.self) else {
          object.expectEverything()
          return nil
        }
        guard let fault = Fault(name, from: &object) else { return nil }
        return PlannedFault(
          fault: fault, times: (times ?? nil).map { Int($0) }, organization: organization ?? nil,
          endpoint: endpoint ?? nil)
      } then: { plan in
        vendor.inject(plan.fault, times: plan.times, for: plan.organization, at: plan.endpoint)
        return Done()
      }
    }
    router.delete("/sandbox/faults") { _, _ in
      vendor.clearFaults()
      vendor.releaseHanging()
      return try ControlExchange.answer(Done())
    }
  }
}

extension Fault {
  /// Decodes the settings that are particular to a kind.
  fileprivate init?(_ name: Name, from object: inout ConfigurationObject) {
    switch name {
    case .status:
      guard let status = object.required("status")?.integer(in: 200...599) else { return nil }
      let body = object.optional("body").map { $0.string() }
      let retryAfter = object.optional("retry_after").map { $0.string() }
      self = .status(Int(status), body: body ?? nil, retryAfter: retryAfter ?? nil)
    case .delay:
      guard let milliseconds = object.required("milliseconds")?.integer(in: 0...3_600_000) else { return nil }
      self = .delay(milliseconds: Int(milliseconds))
    case .counters:
      self = .counters(
        pages: object.optional("pages").flatMap(Self.text),
        conversions: object.optional("conversions").flatMap(Self.text))
    case .hang: self = .hang
    case .disconnect: self = .disconnect
    case .brokenBody: self = .brokenBody
    case .truncated: self = .truncated
    case .html: self = .html
    case .garbage: self = .garbage
    case .wrongMonth: self = .wrongMonth
    }
  }

  /// A scalar as JSON text, to be answered as it was sent.
  private static func text(_ node: ConfigurationNode) -> String? {
    switch node.json.value {
    case .null: return "null"
    case .boolean(let flag): return String(flag)
    case .number(let text): return text
    case .string(let text) where text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }): return "\"\(text)\""
    default:
      node.report("expected a number, a text without quotes, true, false or null")
      return nil
    }
  }
}
