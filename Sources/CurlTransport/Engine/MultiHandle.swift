import CLibcurl
import QuotaCore

/// libcurl's multi handle. One thread uses it; the others may only wake that thread.
final class MultiHandle: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer

  init(maximumConnections: Int) throws(TransportError) {
    guard let pointer = curl_multi_init() else { throw .disconnected("libcurl is out of memory") }
    self.pointer = pointer
    let options = [
      (CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX)),
      (CURLMOPT_MAX_TOTAL_CONNECTIONS, maximumConnections),
      // Without it libcurl keeps as many idle connections as four times the transfers of the moment.
      (CURLMOPT_MAXCONNECTS, maximumConnections),
    ]
    for (option, value) in options where clibcurl_multi_set_long(pointer, option, value) != CURLM_OK {
      throw .refused("this libcurl does not take its option \(option.rawValue)")
    }
  }

  deinit {
    curl_multi_cleanup(pointer)
  }

  /// Makes the present or the next ``wait()`` return.
  func wake() {
    curl_multi_wakeup(pointer)
  }

  /// Does what can be done without waiting. False if libcurl is unable to go on.
  func perform() -> Bool {
    var running: Int32 = 0
    return curl_multi_perform(pointer, &running) == CURLM_OK
  }

  /// Waits for a socket, for one of libcurl's timers, or to be woken. False if libcurl is unable to go on.
  func wait() -> Bool {
    curl_multi_poll(pointer, nil, 0, 60_000, nil) == CURLM_OK
  }

  /// The next transfer that has ended, with how it ended.
  func nextFinished() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
    var left: Int32 = 0
    while let message = curl_multi_info_read(pointer, &left)?.pointee {
      if message.msg == CURLMSG_DONE, let easy = message.easy_handle { return (easy, message.data.result) }
    }
    return nil
  }
}
