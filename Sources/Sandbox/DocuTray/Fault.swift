import QuotaCore

/// What can go wrong with an answer of the vendor.
package enum Fault: Hashable, Sendable {
  /// The kinds by the word that the control surface uses.
  package enum Name: String, CaseIterable, Sendable {
    case status
    case hang
    case delay
    case disconnect
    case brokenBody = "broken_body"
    case truncated
    case html
    case garbage
    case counters
    case wrongMonth = "wrong_month"
  }

  /// This status instead of an answer.
  ///
  /// - Parameters:
  ///   - body: nil for the one that the vendor documents for this status.
  ///   - retryAfter: the header's value, if there is to be one.
  case status(Int, body: String? = nil, retryAfter: String? = nil)
  /// No answer until ``SimulatedVendor/releaseHanging()``, then the usual one.
  case hang
  /// The usual answer, late.
  case delay(milliseconds: Int)
  /// The connection ends without an answer.
  case disconnect
  /// The connection ends in the middle of the body.
  case brokenBody
  /// A complete HTTP answer whose JSON stops in the middle.
  case truncated
  /// 200 with a web page, as a proxy or a captive portal sends it.
  case html
  /// 200 with something that is no JSON.
  case garbage
  /// 200 with these JSON texts as counters, such as `-5`, `1.5`, `"12"` or `null`; nil leaves the counter out.
  case counters(pages: String?, conversions: String?)
  /// The usual counters under the following month's name; after 2100-12, under the month before.
  case wrongMonth

  package var name: Name {
    switch self {
    case .status: .status
    case .hang: .hang
    case .delay: .delay
    case .disconnect: .disconnect
    case .brokenBody: .brokenBody
    case .truncated: .truncated
    case .html: .html
    case .garbage: .garbage
    case .counters: .counters
    case .wrongMonth: .wrongMonth
    }
  }
}

/// Which faults wait for which requests.
struct FaultPlan {
  private struct Entry {
    let fault: Fault
    /// Nil for always.
    var remaining: Int?
    /// Nil for every one.
    let endpoint: VendorEndpoint?
  }

  private var everyone: [Entry] = []
  private var single: [OrganizationID: [Entry]] = [:]

  mutating func add(_ fault: Fault, times: Int?, for organization: OrganizationID?, at endpoint: VendorEndpoint?) {
    let entry = Entry(fault: fault, remaining: times, endpoint: endpoint)
    if let organization { single[organization, default: []].append(entry) } else { everyone.append(entry) }
  }

  /// Removes an organization's faults, or everybody's.
  mutating func clear(for organization: OrganizationID?) {
    if let organization {
      single[organization] = nil
    } else {
      everyone = []
      single = [:]
    }
  }

  /// The fault of the next request: an organization's own come first, then those for everyone, each in the order in
  /// which they were added.
  mutating func next(for organization: OrganizationID?, at endpoint: VendorEndpoint) -> Fault? {
    if let organization, single[organization] != nil,
      let fault = Self.take(&single[organization, default: []], at: endpoint)
    {
      return fault
    }
    return Self.take(&everyone, at: endpoint)
  }

  private static func take(_ entries: inout [Entry], at endpoint: VendorEndpoint) -> Fault? {
    guard let index = entries.firstIndex(where: { $0.endpoint ?? endpoint == endpoint }) else { return nil }
    let fault = entries[index].fault
    if let remaining = entries[index].remaining {
      entries[index].remaining = remaining - 1
      if remaining <= 1 { entries.remove(at: index) }
    }
    return fault
  }
}
