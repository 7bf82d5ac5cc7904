import CLibcurl
package import QuotaCore
import Synchronization

/// HTTP and SMTP over libcurl.
///
/// HTTP exchanges share one thread with one multi handle: connections are kept and used again, and HTTP/2 carries many
/// requests at once. A mail has a thread of its own for as long as it takes, since libcurl waits inside of its calls
/// for a mail server's last answers and would hold up everything else.
package final class CurlTransport: HTTPTransport, MailTransport {
  private let engine: Engine
  private let lastAddress = Mutex<Address?>(nil)
  private let userAgent: String
  let proxies: Proxies

  /// The thread that carries the exchanges.
  package var executor: (any TaskExecutor)? { engine }

  /// - Parameters:
  ///   - userAgent: such as `quotawatch/1.0`.
  ///   - maximumConnections: how many connections may be open; further requests wait, and their time runs.
  package convenience init(userAgent: String, maximumConnections: Int = 256) throws(TransportError) {
    try self.init(userAgent: userAgent, maximumConnections: maximumConnections, proxies: .environment)
  }

  init(userAgent: String, maximumConnections: Int = 256, proxies: Proxies) throws(TransportError) {
    try HeaderText.check(userAgent, what: "the user agent")
    self.userAgent = userAgent
    self.proxies = proxies
    engine = try Engine(maximumConnections: maximumConnections)
  }

  deinit {
    engine.close()
  }

  package func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    let transfer = try HTTPTransfer(request, to: address(of: request), userAgent: userAgent)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { engine.start(transfer, $0) }
    } onCancel: {
      engine.cancel(transfer)
    }
    return try result.get()
  }

  /// What the request's address says. A run asks one address thousands of times.
  private func address(of request: TransportRequest) throws(TransportError) -> Address {
    if let last = lastAddress.withLock({ $0 }), last.isOf(request.url, allowsPlainHTTP: request.allowsPlainHTTP) {
      return last
    }
    let address = try Address(request.url, allowsPlainHTTP: request.allowsPlainHTTP, proxies)
    lastAddress.withLock { $0 = address }
    return address
  }

  package func send(_ message: MailMessage, via server: MailServer) async throws(MailError) -> MailReceipt {
    let transfer: MailTransfer
    do throws(TransportError) {
      transfer = try MailTransfer(message, via: server, proxies)
    } catch {
      throw .transport(error)
    }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        do throws(TransportError) {
          try DedicatedThread.start { continuation.resume(returning: transfer.perform()) }
        } catch {
          continuation.resume(returning: Result<MailReceipt, MailError>.failure(.transport(error)))
        }
      }
    } onCancel: {
      transfer.cancel()
    }
    return try result.get()
  }

  /// Ends the HTTP exchanges under way with ``TransportError/cancelled``, closes the connections and waits for the
  /// thread to end. Later requests are cancelled at once. A mail under way is not touched.
  package func shutdown() async {
    await engine.shutdown()
  }
}
