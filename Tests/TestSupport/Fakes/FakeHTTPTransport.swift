package import QuotaCore
import Synchronization

/// A network that answers from a script and remembers what it was asked.
package final class FakeHTTPTransport: HTTPTransport {
  private let state: Mutex<(answers: [Result<TransportResponse, TransportError>], requests: [TransportRequest])>

  /// - Parameter answers: one for each request in turn; the last one also for every request after it.
  package init(_ answers: Result<TransportResponse, TransportError>...) {
    state = Mutex((answers, []))
  }

  /// Answers every request with this status, body and headers.
  package convenience init(
    status: Int, body: String = "", headers: [(name: String, value: String)] = []
  ) {
    self.init(.success(TransportResponse(status: status, headers: headers, body: Array(body.utf8))))
  }

  /// What was asked so far.
  package var requests: [TransportRequest] { state.withLock { $0.requests } }

  package func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    let answer = state.withLock { state in
      state.requests.append(request)
      return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first
    }
    return try (answer ?? .failure(.unreachable("the script is empty"))).get()
  }
}

extension TransportRequest {
  /// The text of a header, secret or not; nil if it was not sent.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value.reveal()
  }
}
