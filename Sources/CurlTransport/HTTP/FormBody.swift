import CLibcurl
import QuotaCore

/// A form as libcurl's MIME structure. libcurl opens the file when the transfer starts and reads it bit by bit.
///
/// The structure belongs to one handle, so it is made when that is set up and lives until the transfer ends.
final class FormBody {
  private let form: MultipartForm
  private var pointer: OpaquePointer?

  init(_ form: MultipartForm) {
    self.form = form
  }

  deinit {
    curl_mime_free(pointer)
  }

  /// Makes a handle send the form and tell of its progress. The body has to live until the handle is reset.
  func send(with easy: EasyHandle) throws(TransportError) {
    guard let mime = curl_mime_init(easy.pointer) else { throw .disconnected("libcurl is out of memory") }
    curl_mime_free(pointer)
    pointer = mime
    for part in form.parts { try add(part, to: mime) }
    try easy.set(CURLOPT_MIMEPOST, pointer: mime)
    try easy.set(CURLOPT_NOPROGRESS, 0)
    try easy.set(CURLOPT_XFERINFODATA, pointer: UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()))
    let report: curl_xferinfo_callback = { context, _, _, total, sent in
      guard let context else { return 1 }
      if total > 0 {
        Unmanaged<FormBody>.fromOpaque(context).takeUnretainedValue().form.progress(Int64(sent), Int64(total))
      }
      return 0
    }
    try easy.set(CURLOPT_XFERINFOFUNCTION, progress: report)
  }

  private func add(_ part: MultipartForm.Part, to mime: OpaquePointer) throws(TransportError) {
    guard let pointer = curl_mime_addpart(mime) else { throw .disconnected("libcurl is out of memory") }
    try check(curl_mime_name(pointer, part.field))
    switch part.content {
    case .text(let text):
      // With a length: a NUL would end the text otherwise.
      var bytes = Array(text.utf8).map { CChar(bitPattern: $0) }
      bytes.append(0)
      try check(curl_mime_data(pointer, bytes, bytes.count - 1))
    case .file(let path, let name):
      guard curl_mime_filedata(pointer, path) == CURLE_OK else {
        throw .refused("the file \(path) cannot be read")
      }
      try check(curl_mime_filename(pointer, name))
    }
    if let type = part.contentType { try check(curl_mime_type(pointer, type)) }
  }

  private func check(_ code: CURLcode) throws(TransportError) {
    guard code == CURLE_OK else {
      throw .refused("the form cannot be encoded: \(String(cString: curl_easy_strerror(code)))")
    }
  }
}
