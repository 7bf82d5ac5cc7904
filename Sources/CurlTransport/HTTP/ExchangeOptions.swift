import CLibcurl
import QuotaCore

/// What exchanges of one kind have in common. A handle that was set up for one of them is set up for the others as well:
/// that is most of what there is to set.
struct ExchangeOptions {
  let address: Address
  let userAgent: String
  let timeout: TimeSpan
  /// After how long without a byte the exchange is given up.
  let longestSilence: TimeSpan
  let caFile: String?

  func isSame(as other: ExchangeOptions) -> Bool {
    address === other.address && userAgent == other.userAgent && timeout == other.timeout
      && longestSilence == other.longestSilence && caFile == other.caFile
  }
}

extension EasyHandle {
  /// Sets up what exchanges have in common, unless that is how the handle is. Nothing of another kind of exchange is left.
  func setUp(for options: ExchangeOptions) throws(TransportError) {
    if self.options?.isSame(as: options) ?? false { return }
    reset()
    try setSafeOptions(for: options.address, timeout: options.timeout, caFile: options.caFile)
    try set(CURLOPT_LOW_SPEED_TIME, Int(options.longestSilence.seconds))
    try set(CURLOPT_USERAGENT, options.userAgent)
    try set(CURLOPT_ACCEPT_ENCODING, "")
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    if options.address.scheme == "https" { try set(CURLOPT_PIPEWAIT, 1) }
    self.options = options
  }
}
