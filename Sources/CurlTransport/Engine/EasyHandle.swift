import CLibcurl
import QuotaCore

/// One libcurl handle. An option that this libcurl does not take is an error: none of them may be silently missing.
final class EasyHandle {
  let pointer: UnsafeMutableRawPointer
  /// What it is set up for, if it is; its address lives as long as libcurl may look at it.
  var options: ExchangeOptions?

  init() throws(TransportError) {
    guard let pointer = curl_easy_init() else { throw .disconnected("libcurl is out of memory") }
    self.pointer = pointer
  }

  deinit {
    curl_easy_cleanup(pointer)
  }

  /// Forgets every option, secrets among them, and keeps the buffers.
  func reset() {
    curl_easy_reset(pointer)
    options = nil
  }

  func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
    try check(clibcurl_set_long(pointer, option, value), option)
  }

  func set(_ option: CURLoption, size value: Int) throws(TransportError) {
    try check(clibcurl_set_offset(pointer, option, curl_off_t(value)), option)
  }

  /// - Parameter value: nil for no value where libcurl has a default.
  func set(_ option: CURLoption, _ value: String?) throws(TransportError) {
    guard let value else { return try check(clibcurl_set_text(pointer, option, nil), option) }
    let code = value.withCString { clibcurl_set_text(pointer, option, $0) }
    try check(code, option)
  }

  /// - Parameter value: has to live until the transfer ends.
  func set(_ option: CURLoption, pointer value: UnsafeRawPointer?) throws(TransportError) {
    try check(clibcurl_set_pointer(pointer, option, value), option)
  }

  /// For libcurl's opaque types.
  func set(_ option: CURLoption, pointer value: OpaquePointer?) throws(TransportError) {
    try set(option, pointer: value.map { UnsafeRawPointer($0) })
  }

  func set(_ option: CURLoption, receiver: @escaping curl_write_callback) throws(TransportError) {
    try check(clibcurl_set_receiver(pointer, option, receiver), option)
  }

  func set(_ option: CURLoption, progress: @escaping curl_xferinfo_callback) throws(TransportError) {
    try check(clibcurl_set_progress(pointer, option, progress), option)
  }

  /// A whole number that libcurl tells of the last transfer; 0 if it tells none.
  func long(_ info: CURLINFO) -> Int {
    var value = 0
    return clibcurl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
  }

  /// Transfers and waits, for threads that may block.
  func perform() -> CURLcode {
    curl_easy_perform(pointer)
  }

  private func check(_ code: CURLcode, _ option: CURLoption) throws(TransportError) {
    guard code == CURLE_OK else {
      let reason = String(cString: curl_easy_strerror(code))
      throw .refused("this libcurl does not take its option \(option.rawValue): \(reason)")
    }
  }
}
