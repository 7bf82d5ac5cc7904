import FoundationEssentials
import QuotaCore

/// Sends a ping, and tries again where that may help.
struct HeartbeatSender: Sendable {
  let http: any HTTPTransport
  let elapsed: Stopwatch

  private static let attempts = 3
  /// How long one attempt may take.
  private static let timeout = TimeSpan.seconds(3)

  /// - Returns: why the monitor has not taken it; nil if it has. Never the address.
  func send(_ ping: HeartbeatPing, to address: Secret) async -> String? {
    var attempt = 1
    while true {
      let (problem, isFinal) = await post(ping, to: address)
      guard let problem, !isFinal, attempt < Self.attempts, !Task.isCancelled else { return problem }
      do {
        try await elapsed.sleep(until: elapsed.seconds + 0.5 * Double(attempt))
      } catch {
        return problem
      }
      attempt += 1
    }
  }

  private func post(_ ping: HeartbeatPing, to address: Secret) async -> (problem: String?, isFinal: Bool) {
    let request = TransportRequest(
      .post, url: ping.address(address),
      headers: [TransportRequest.Header("Content-Type", "text/plain; charset=utf-8")],
      body: Array(ping.words.utf8), timeout: Self.timeout, maximumAnswerSize: 64 << 10)
    do throws(TransportError) {
      let response = try await http.send(request)
      switch response.status {
      case 200...299:
        // Healthchecks answers so to an address that it does not know, or that pings too often.
        let said = String(decoding: response.body.prefix(100), as: UTF8.self)
        let isRefused = said.hasPrefix("OK (")
        return (isRefused ? "it answers \(ForeignText.line(said, limit: 60))" : nil, true)
      case 408, 429, 500...: return ("HTTP \(response.status)", false)
      default: return ("HTTP \(response.status); is the address right?", true)
      }
    } catch {
      return (error.message, !error.isRetryable)
    }
  }
}
