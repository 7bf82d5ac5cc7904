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
  /// The `api` object.
  static let shape = Shape.object(
    Fields(
      address,
      Field(
        "max_concurrent_requests", .integer(from: 1, to: 1_000), .usually(APIConfiguration().maximumConcurrentRequests),
        "How many requests are under way at a time."),
      Field(
        "requests_per_second", .integer(from: 1, to: 100_000), .usually(APIConfiguration().requestsPerSecond),
        "How many requests are started in a second."),
      Field("timeout_seconds", .count(from: 1, to: 300), .usually(30), "How long one request may take."),
      Field(
        "retries", .integer(from: 0, to: 10), .usually(APIConfiguration().retries),
        "How often a request is tried again that failed for a passing reason."),
      Field(
        "deadline_seconds", .count(from: 10, to: 86_400), .optional("by size"),
        "How long a run may take. Without it, a run takes the time that its requests need, and five minutes."),
      Field(
        "ca_file", .path, .optional("the system's"), "A file of certificate authorities (PEM) to trust instead.")
    ) { address, concurrency, rate, timeout, retries, deadline, caFile in
      APIConfiguration(
        baseURL: address.url, maximumConcurrentRequests: concurrency, requestsPerSecond: rate,
        timeout: .seconds(timeout), retries: retries, deadline: deadline.map(TimeSpan.seconds), caFile: caFile,
        allowsPlainHTTP: address.allowsPlainHTTP)
    }
  )
  .named("api", "How the vendor's API is reached.")

  private static let addressEnd = #"(?:/[!$-;=A-Z\[\]_a-z~]*)?"#

  private static let address = Fields(
    Field(
      "base_url", .apiAddress(ending: addressEnd), .usually(vendor),
      "The address of the API, without user name, query and fragment. Plain `http` is for loopback unless `allow_http` is set."
    ),
    Field(
      "allow_http", .boolean, .usually(false),
      "Allows plain `http` to hosts that are not loopback: keys then travel in clear text.")
  ) { (url: $0, allowsPlainHTTP: $1) }
  .checked(at: "base_url", demand: WebAddress.demand(at: "base_url", rest: addressEnd)) { address in
    if case .failure(let problem) = baseURL(address.url, allowsPlainHTTP: address.allowsPlainHTTP) {
      problem.message
    } else {
      nil
    }
  }
  .map { address in
    let url = try? baseURL(address.url, allowsPlainHTTP: address.allowsPlainHTTP).get()
    return (url: url ?? address.url, allowsPlainHTTP: address.allowsPlainHTTP)
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

extension Shape<String> {
  /// - Parameter end: a regular expression of what follows the host and the port.
  fileprivate static func apiAddress(ending end: String) -> Shape {
    Shape(
      "address", pattern: WebAddress.pattern(rest: end),
      accepts: [
        "https://a.example.com", "HTTPS://A.example.com:8443/x/y/", "http://localhost:80", "http://127.0.0.255",
        "http://[::1]:65535", "https://[fe80::1]",
      ],
      refuses: [
        "a.example.com", "ftp://a.example.com", "https://", "https://u:p@a.example.com", "https://a.example.com/@",
        "https://a.example.com?x", "https://a.example.com#x", "https://a.example.com:0", "https://a.example.com:65536",
        "https://a.example.com:", "https://a b", "https://.a", "https://a..b", "https://[x]", "http://a.example.com",
        "http://127.0.0.1.evil.com", "http://127.0.0.256", "http://127.0.1", "http://localhost.evil.com",
        "http://[::2]", "https://é.example.com",
      ], encode: { .text($0) }, decode: { $0.string() })
  }
}
