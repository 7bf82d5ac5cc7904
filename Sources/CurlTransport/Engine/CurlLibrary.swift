import CLibcurl
import QuotaCore

/// libcurl's state for the whole process.
enum CurlLibrary {
  private static let outcome = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  /// Starts libcurl, once however often it is called.
  static func start() throws(TransportError) {
    guard outcome == CURLE_OK else {
      throw .refused("libcurl cannot be started: \(String(cString: curl_easy_strerror(outcome)))")
    }
  }
}
