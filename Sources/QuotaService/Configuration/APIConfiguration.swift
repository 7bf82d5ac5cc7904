import Notifiers
package import QuotaCore

/// How the vendor's API is reached: the `api` object.
package struct APIConfiguration: Hashable, Sendable {
  /// Without a slash at the end; may have a path, for a proxy.
  package var baseURL: String
  /// 1 to 1000.
  package var maximumConcurrentRequests: Int
  /// How many requests are started in a second, 1 to 100000.
  package var requestsPerSecond: Int
  /// How long one request may take; 1 s to 300 s.
  package var timeout: TimeSpan
  /// How often a failed request is tried again, 0 to 10.
  package var retries: Int
  /// How long a run may take; nil lets the run choose by its size.
  package var deadline: TimeSpan?
  /// A file of certificate authorities (PEM) to trust instead of the system's.
  package var caFile: String?
  /// Whether `http` is allowed to hosts that are not loopback.
  package var allowsPlainHTTP: Bool

  /// The vendor's own address.
  package static let vendor = "https://app.docutray.com"

  package init(
    baseURL: String = APIConfiguration.vendor, maximumConcurrentRequests: Int = 8, requestsPerSecond: Int = 20,
    timeout: TimeSpan = .seconds(30), retries: Int = 3, deadline: TimeSpan? = nil, caFile: String? = nil,
    allowsPlainHTTP: Bool = false
  ) {
    self.baseURL = baseURL
    self.maximumConcurrentRequests = maximumConcurrentRequests
    self.requestsPerSecond = requestsPerSecond
    self.timeout = timeout
    self.retries = retries
    self.deadline = deadline
    self.caFile = caFile
    self.allowsPlainHTTP = allowsPlainHTTP
  }
}

extension APIConfiguration {
  /// Decodes `api`. What cannot be read is reported, and keeps its default.
  init?(from node: ConfigurationNode, in directory: String) {
    let decoded = node.object { object -> APIConfiguration? in
      var api = APIConfiguration()
      let concurrency = object.optional("max_concurrent_requests")?.integer(in: 1...1_000)
      api.maximumConcurrentRequests = concurrency.map(Int.init) ?? api.maximumConcurrentRequests
      let rate = object.optional("requests_per_second")?.integer(in: 1...100_000)
      api.requestsPerSecond = rate.map(Int.init) ?? api.requestsPerSecond
      api.timeout = object.optional("timeout_seconds")?.integer(in: 1...300).map(TimeSpan.seconds) ?? api.timeout
      api.retries = object.optional("retries")?.integer(in: 0...10).map(Int.init) ?? api.retries
      api.deadline = object.optional("deadline_seconds")?.integer(in: 10...86_400).map(TimeSpan.seconds)
      api.caFile = object.optional("ca_file")?.path(in: directory)
      api.allowsPlainHTTP = object.optional("allow_http")?.boolean() ?? false
      if let url = object.optional("base_url"), let text = url.string() {
        switch Self.baseURL(text, allowsPlainHTTP: api.allowsPlainHTTP) {
        case .success(let address): api.baseURL = address
        case .failure(let problem): url.report(problem.message)
        }
      }
      return api
    }
    guard let decoded else { return nil }
    self = decoded
  }

  /// Why a text cannot be the address of the API, and what to do. The text is not repeated: it may hold a password.
  struct AddressProblem: Error {
    let message: String
  }

  /// The address without slashes at its end, if requests may be sent there.
  static func baseURL(_ text: String, allowsPlainHTTP: Bool) -> Result<String, AddressProblem> {
    let lowercased = text.lowercased()
    guard lowercased.hasPrefix("https://") || lowercased.hasPrefix("http://") else {
      return .failure(AddressProblem(message: "expected an address such as \"\(vendor)\""))
    }
    guard !text.contains("@") else {
      return .failure(AddressProblem(message: "the address must not hold a user name or password; remove it"))
    }
    guard !text.contains("?"), !text.contains("#") else {
      return .failure(AddressProblem(message: "the address must end before any \"?\" or \"#\"; remove the rest"))
    }
    if let problem = WebAddress.problem(in: text, allowsPlainHTTP: allowsPlainHTTP) {
      return .failure(AddressProblem(message: problem))
    }
    var address = text[...]
    while address.hasSuffix("/") { address.removeLast() }
    return .success(String(address))
  }
}
