import CLibcurl
import QuotaCore

/// A message's text and HTML as libcurl's MIME structure.
final class MailBody {
  let pointer: OpaquePointer

  init(_ message: MailMessage, for easy: EasyHandle) throws(TransportError) {
    guard let pointer = curl_mime_init(easy.pointer) else { throw .disconnected("libcurl is out of memory") }
    self.pointer = pointer
    // The last alternative is the preferred one (RFC 2046, section 5.1.4).
    try add(message.text, type: "text/plain; charset=utf-8")
    try add(message.html, type: "text/html; charset=utf-8")
  }

  deinit {
    curl_mime_free(pointer)
  }

  private func add(_ text: String, type: String) throws(TransportError) {
    let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\n", with: "\r\n")
    let code = lines.utf8CString.withUnsafeBufferPointer { bytes in
      guard let part = curl_mime_addpart(pointer) else { return CURLE_OUT_OF_MEMORY }
      let codes = [
        curl_mime_type(part, type), curl_mime_encoder(part, "quoted-printable"),
        curl_mime_data(part, bytes.baseAddress, bytes.count - 1),
      ]
      return codes.first { $0 != CURLE_OK } ?? CURLE_OK
    }
    guard code == CURLE_OK else {
      throw .refused("the message cannot be encoded: \(String(cString: curl_easy_strerror(code)))")
    }
  }
}
