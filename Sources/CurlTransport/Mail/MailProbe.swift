import CLibcurl
package import QuotaCore

extension CurlTransport {
  package func probe(_ server: MailServer) async throws(MailError) -> String {
    let probe: MailProbe
    do throws(TransportError) {
      probe = try MailProbe(server, proxies)
    } catch {
      throw .transport(error)
    }
    let result = await withCheckedContinuation { continuation in
      do throws(TransportError) {
        try DedicatedThread.start { continuation.resume(returning: probe.perform()) }
      } catch {
        continuation.resume(returning: Result<String, MailError>.failure(.transport(error)))
      }
    }
    return try result.get()
  }
}

/// A session with a mail server that does nothing: it greets, secures the connection, logs in and says NOOP.
private final class MailProbe: @unchecked Sendable {
  private let server: MailServer
  private let address: Address
  private var replies = ServerReplies()

  init(_ server: MailServer, _ proxies: Proxies) throws(TransportError) {
    self.server = server
    address = try Address(server, proxies)
    try HeaderText.check(server.username ?? "", what: "the mail user name")
    try HeaderText.check(server.password?.reveal() ?? "", what: "the mail password")
  }

  /// Somebody waits for what comes of it.
  private static let patience = TimeSpan.seconds(60)

  /// On a thread that may block.
  func perform() -> Result<String, MailError> {
    do throws(TransportError) {
      let easy = try EasyHandle()
      try easy.setSafeOptions(for: address, timeout: min(server.timeout, Self.patience), caFile: server.caFile)
      try easy.setSession(with: server)
      try easy.set(CURLOPT_NOBODY, 1)
      try easy.set(CURLOPT_CUSTOMREQUEST, "NOOP")
      try easy.set(CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
      try easy.set(CURLOPT_HEADERDATA, pointer: UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()))
      try easy.set(CURLOPT_HEADERFUNCTION) { data, size, count, context in
        guard let context else { return 0 }
        let probe = Unmanaged<MailProbe>.fromOpaque(context).takeUnretainedValue()
        let line = String(decoding: UnsafeRawBufferPointer(start: data, count: size * count), as: UTF8.self)
        return probe.replies.add(line) ? size * count : 0
      }
      let code = easy.perform()
      if code == CURLE_OK { return .success(line(replies.all.last { $0.code != 221 }?.text ?? "")) }
      if let refusal = replies.lastRefusal {
        return .failure(.refused(code: refusal.code, answer: line(refusal.text), replies.stage))
      }
      return .failure(.transport(TransportError(code, to: address, easy)))
    } catch {
      return .failure(.transport(error))
    }
  }

  private func line(_ text: String) -> String {
    ForeignText.line(text, hiding: server.password.map { [$0] } ?? [])
  }
}

extension EasyHandle {
  /// How a session with a mail server is secured and who logs in.
  func setSession(with server: MailServer) throws(TransportError) {
    try set(CURLOPT_USE_SSL, Int((server.security == .plain ? CURLUSESSL_NONE : CURLUSESSL_ALL).rawValue))
    try set(CURLOPT_FORBID_REUSE, 1)
    // A mail server may be silent for minutes at every step, and what comes before the message counts as connecting.
    try set(CURLOPT_LOW_SPEED_TIME, 0)
    try set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Int(server.timeout.seconds))
    try set(CURLOPT_CONNECTTIMEOUT_MS, Int(server.timeout.seconds) * 1_000)
    guard let username = server.username else { return }
    try set(CURLOPT_USERNAME, username)
    try set(CURLOPT_PASSWORD, server.password?.reveal() ?? "")
  }
}
