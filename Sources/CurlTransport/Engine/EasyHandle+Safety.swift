import CLibcurl
import QuotaCore

extension EasyHandle {
  /// The longest that connecting may take, in seconds.
  private static let longestConnect: Int64 = 10
  /// A transfer with less than one byte a second for so many seconds is given up.
  private static let longestStall = 30
  /// What libcurl takes as a timeout in milliseconds.
  private static let longestTimeout: Int64 = 2_000_000

  /// What holds for every transfer, HTTP or mail.
  ///
  /// - Parameters:
  ///   - address: has to live until the transfer ends.
  ///   - caFile: a file of certificate authorities to trust instead of those that the environment names, or the system's.
  func setSafeOptions(for address: Address, timeout: TimeSpan, caFile: String?) throws(TransportError) {
    try set(CURLOPT_CURLU, pointer: address.handle)
    try set(CURLOPT_PROTOCOLS_STR, address.scheme)
    try set(CURLOPT_REDIR_PROTOCOLS_STR, address.scheme)
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    try set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
    try set(CURLOPT_NOSIGNAL, 1)
    // Otherwise ending a transfer waits for a name server that does not answer.
    try set(CURLOPT_QUICK_EXIT, 1)
    try set(CURLOPT_PROXY, address.proxy?.address.reveal() ?? "")
    try set(CURLOPT_NOPROXY, "")
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)

    let seconds = min(timeout.seconds, Self.longestTimeout)
    try set(CURLOPT_TIMEOUT_MS, Int(seconds * 1_000))
    try set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(seconds, Self.longestConnect) * 1_000))
    try set(CURLOPT_LOW_SPEED_LIMIT, 1)
    try set(CURLOPT_LOW_SPEED_TIME, Self.longestStall)

    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    if let caFile = caFile ?? address.authorities {
      try set(CURLOPT_CAINFO, caFile)
      try set(CURLOPT_CAPATH, nil)
    }
  }
}
