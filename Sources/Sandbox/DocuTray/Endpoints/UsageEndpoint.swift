import FoundationEssentials
import Hummingbird
import QuotaCore
import Synchronization

/// `GET /api/usage`: the counters of the key's organization in a month.
///
/// The texts of the errors about the year and about a missing half are not documented; they follow the month's.
struct UsageEndpoint: Sendable {
  static let path = "/api/usage"

  let vendor: SimulatedVendor

  func register(on router: Router<SandboxContext>) {
    router.get(RouterPath(Self.path)) { request, context in
      try await answer(authorization: request.headers[.authorization], query: request.uri.query)
        .response(on: context)
    }
  }

  /// Answers a request and records it. The counters are those of its arrival, even if the answer is late.
  func answer(authorization: String?, query: String?) -> Reply {
    let (reply, request) = vendor.state.withLock { state in
      let admission = state.admit(authorization: authorization, at: .usage)
      var (reply, outcome) = undamaged(query, for: admission, in: &state)
      if let fault = admission.fault {
        reply = fault.damage(reply, gate: vendor.gate)
        outcome = .fault(fault.name)
      }
      let request = VendorRequest(
        endpoint: "GET \(Self.path)", query: query, organization: admission.organization?.id,
        keyHash: admission.keyHash, vendorTime: admission.now, receivedAt: Date(), outcome: outcome)
      return (reply, request)
    }
    vendor.requests.append(request)
    return reply
  }

  /// The answer before a fault changes what surrounds the counters.
  private func undamaged(
    _ query: String?, for admission: Admission, in state: inout SimulatedVendor.State
  ) -> (Reply, VendorRequest.Outcome) {
    if let reply = admission.reply { return (reply, .status(reply.status)) }
    // An admission without a reply has an organization.
    guard let organization = admission.organization else { return (.documented(401, at: .usage), .status(401)) }
    let asked: BillingMonth?
    switch Self.month(in: query) {
    case .success(let month): asked = month
    case .failure(let error): return (.error(400, error.text), .status(400))
    }
    guard let shape = asked.map({ state.calendar.shape(of: $0) }) ?? state.calendar.shape(containing: admission.now)
    else { return (.message(500, "Internal server error: the clock is outside of 2020 to 2100"), .status(500)) }
    let counters = state.book.counters(of: organization, at: admission.now, in: shape)
    let body = Self.body(shape.month, counters, admission.fault)
    return (Reply(status: 200, body: body), .usage(shape.month, counters))
  }

  private static func body(_ month: BillingMonth, _ counters: Counters, _ fault: Fault?) -> String {
    var named = month
    var pages: String? = String(counters.pages)
    var conversions: String? = String(counters.conversions)
    switch fault {
    case .wrongMonth: named = month.advanced(by: 1) ?? month.advanced(by: -1) ?? month
    case .counters(let wrongPages, let wrongConversions): (pages, conversions) = (wrongPages, wrongConversions)
    default: break
    }
    var body = #"{"year":\#(named.year),"month":\#(named.month)"#
    if let pages { body += #","successful_pages":\#(pages)"# }
    if let conversions { body += #","successful_conversions":\#(conversions)"# }
    return body + "}"
  }
}

/// The query
extension UsageEndpoint {
  /// Why a query is refused.
  struct QueryError: Error {
    let text: String
  }

  /// The month that a query asks for: nil for the current one.
  static func month(in query: String?) -> Result<BillingMonth?, QueryError> {
    guard let query else { return .success(nil) }
    var year: Substring?
    var month: Substring?
    for part in query.split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = pair.count == 2 ? pair[1] : ""
      switch pair[0] {
      case "year": year = value
      case "month": month = value
      default: break
      }
    }
    if year == nil, month == nil { return .success(nil) }
    guard let year, let month else {
      return .failure(QueryError(text: "Invalid query. year and month must be sent together."))
    }
    guard let yearNumber = number(year, in: BillingMonth.years) else {
      return .failure(QueryError(text: "Invalid year. Must be an integer between 2020 and 2100."))
    }
    guard let monthNumber = number(month, in: 1...12) else {
      return .failure(QueryError(text: "Invalid month. Must be an integer between 1 and 12."))
    }
    return .success(BillingMonth(year: yearNumber, month: monthNumber))
  }

  private static func number(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
    guard text.hasOnlyDigits, let number = Int(text), range.contains(number)
    else { return nil }
    return number
  }
}
