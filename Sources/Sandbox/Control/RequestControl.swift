import FoundationEssentials
import Hummingbird
import QuotaCore

/// `/sandbox/requests`: what the vendor was asked, and what it answered.
extension Control {
  private struct Listing: Encodable {
    let total: Int
    /// The latest, newest last.
    let requests: [Entry]
  }

  private struct Entry: Encodable {
    let endpoint: String
    let query: String?
    let organization: String?
    let keyHash: String?
    let vendorTime: Date
    let receivedAt: Date
    /// 200 for a good answer; absent where a fault was in the way.
    let status: Int?
    let fault: String?
    let month: BillingMonth?
    let pages: Int64?
    let conversions: Int64?
  }

  /// How many entries are listed at most.
  static let listed = 1_000

  func registerRequests(on router: Router<SandboxContext>) {
    router.get("/sandbox/requests") { _, _ in
      let requests = vendor.requests
      return try ControlExchange.answer(
        Listing(total: requests.total, requests: requests.entries.suffix(Self.listed).map(entry)))
    }
    router.delete("/sandbox/requests") { _, _ in
      vendor.clearRequests()
      return try ControlExchange.answer(Done())
    }
  }

  private func entry(_ request: VendorRequest) -> Entry {
    let status: Int?
    var fault: String?
    var usage: (month: BillingMonth, counters: Counters)?
    switch request.outcome {
    case .status(let code): status = code
    case .fault(let name):
      status = nil
      fault = name.rawValue
    case .usage(let month, let counters):
      status = 200
      usage = (month, counters)
    }
    return Entry(
      endpoint: request.endpoint, query: request.query, organization: request.organization?.rawValue,
      keyHash: request.keyHash, vendorTime: request.vendorTime, receivedAt: request.receivedAt, status: status,
      fault: fault, month: usage?.month, pages: usage?.counters.pages, conversions: usage?.counters.conversions)
  }
}
