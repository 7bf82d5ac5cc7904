import CLibcurl
import Glibc
import QuotaCore

extension TransportError {
  /// What libcurl's code means. The message names the host and nothing else of the address.
  init(_ code: CURLcode, to address: Address, _ easy: EasyHandle) {
    if let proxy = address.proxy, let failure = Self.failure(of: proxy, code, to: address, easy) {
      self = failure
      return
    }
    let host = address.host
    switch code {
    case CURLE_URL_MALFORMAT: self = .refused("the address of \(host) is malformed")
    case CURLE_COULDNT_RESOLVE_HOST: self = .unreachable("the host name \(host) cannot be resolved")
    case CURLE_COULDNT_CONNECT: self = .unreachable("\(host) cannot be connected to\(Self.systemReason(easy))")
    case CURLE_OPERATION_TIMEDOUT: self = .timeout("\(host) did not answer in time")
    case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND,
      CURLE_HTTP2, CURLE_HTTP2_STREAM:
      self = .disconnected("\(host) broke off before its answer was complete")
    case CURLE_PEER_FAILED_VERIFICATION: self = .tls("\(host) is not trusted: \(Self.certificateReason(easy))")
    case CURLE_SSL_CACERT_BADFILE:
      self = .tls("\(host) is not trusted: the file of certificate authorities cannot be read")
    case CURLE_USE_SSL_FAILED: self = .tls("\(host) does not offer STARTTLS, so nothing was sent")
    case CURLE_LOGIN_DENIED: self = .refused("\(host) offers no way to log in that libcurl knows")
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_NOTFOUND,
      CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_SHUTDOWN_FAILED:
      self = .tls("the TLS handshake with \(host) failed")
    // libcurl's own limit for one header line.
    case CURLE_OUT_OF_MEMORY: self = .tooLarge(limit: AnswerCollector.longestHeaders)
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
      self = .protocolViolation("\(host) does not speak the protocol")
    case CURLE_BAD_CONTENT_ENCODING: self = .protocolViolation("\(host) sent a body that cannot be decompressed")
    case CURLE_ABORTED_BY_CALLBACK: self = .cancelled
    case CURLE_READ_ERROR: self = .refused("the file to be sent cannot be read, or it has changed meanwhile")
    default: self = .protocolViolation("\(host): \(String(cString: curl_easy_strerror(code)))")
    }
  }

  /// What went wrong on the way to a proxy, or between it and the host before they were connected; nil for what came later.
  private static func failure(
    of proxy: Proxy, _ code: CURLcode, to address: Address, _ easy: EasyHandle
  ) -> TransportError? {
    let (name, host) = (proxy.name, address.host)
    let answer = easy.long(CURLINFO_HTTP_CONNECTCODE)
    switch (code, answer) {
    case (_, 200..<300): return nil
    case (_, 407):
      return .unreachable(
        "the proxy \(name) asks for a login (HTTP 407) before it connects to \(host); put user and password into the"
          + " proxy's address")
    case (_, 403): return .unreachable("the proxy \(name) forbids the connection to \(host) (HTTP 403)")
    case (_, 100...): return .unreachable("the proxy \(name) does not connect to \(host) (HTTP \(answer))")
    case (CURLE_COULDNT_RESOLVE_PROXY, _): return .unreachable("the name of the proxy \(name) cannot be resolved")
    case (CURLE_COULDNT_CONNECT, _):
      return .unreachable("the proxy \(name) cannot be connected to\(systemReason(easy))")
    case (CURLE_PROXY, _): return .unreachable("the proxy \(name) does not connect to \(host)")
    default: break
    }
    // A proxy for plain HTTP sends requests on itself, and a connection that is used again was there before.
    guard proxy.isHTTP, address.scheme != "http", easy.long(CURLINFO_NUM_CONNECTS) > 0 else { return nil }
    switch code {
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
      return .unreachable("the proxy \(name) broke off before it had connected to \(host)")
    case CURLE_OPERATION_TIMEDOUT: return .timeout("the proxy \(name) did not connect to \(host) in time")
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION:
      return .tls("the TLS handshake with the proxy \(name) failed")
    default: return nil
    }
  }

  private static func systemReason(_ easy: EasyHandle) -> String {
    let code = easy.long(CURLINFO_OS_ERRNO)
    return code == 0 ? "" : ": \(String(cString: strerror(Int32(code))))"
  }

  /// OpenSSL's reason (`X509_V_ERR_…`), in words for those that people meet.
  private static func certificateReason(_ easy: EasyHandle) -> String {
    switch easy.long(CURLINFO_SSL_VERIFYRESULT) {
    // libcurl compares the names itself, after OpenSSL, and leaves its own "not verified yet" (1) behind.
    case 0, 1, 62, 64: "its certificate is for another host"
    case 9: "its certificate is not valid yet"
    case 10: "its certificate has expired"
    case 18, 19: "its certificate is signed by itself"
    case 2, 20, 21: "its certificate is from an unknown authority; set \"ca_file\" if it is your own"
    case let code: "its certificate is refused (OpenSSL code \(code))"
    }
  }
}
