import CLibcurl
import QuotaCore

/// libcurl's list of texts.
final class TextList {
  private(set) var head: UnsafeMutablePointer<curl_slist>?

  func append(_ text: String) throws(TransportError) {
    guard let longer = curl_slist_append(head, text) else { throw .disconnected("libcurl is out of memory") }
    head = longer
  }

  deinit {
    curl_slist_free_all(head)
  }
}
