/// Sends HTTP requests; what the core asks of a network.
///
/// An implementation follows no redirect, verifies TLS, and caps the size of an answer.
package protocol HTTPTransport: Sendable {
  /// Sends one request and returns the whole answer, whatever its status.
  ///
  /// Cancelling the task ends the request with ``TransportError/cancelled``.
  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse

  /// Where tasks that send many requests run best: nothing is then handed from thread to thread. They must not block for
  /// long there. Nil where it makes no difference.
  var executor: (any TaskExecutor)? { get }
}

extension HTTPTransport {
  package var executor: (any TaskExecutor)? { nil }
}

/// An HTTP request, ready to be sent.
package struct TransportRequest: Sendable {
  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
  }

  /// The value of a header: plain, or a secret with a plain prefix (`Bearer `).
  package struct Header: Sendable {
    package let name: String
    package let value: Secret

    package init(_ name: String, _ value: String) {
      self.init(name, Secret(value))
    }

    package init(_ name: String, _ value: Secret) {
      self.name = name
      self.value = value
    }
  }

  package var method: Method
  /// A secret, because a webhook's address often is one.
  package var url: Secret
  package var headers: [Header]
  package var body: [UInt8]?
  /// A form instead of a body: a `POST` has one of them at the most.
  package var form: MultipartForm?
  /// How long the whole exchange may take.
  package var timeout: TimeSpan
  /// After how long without a byte in either direction the exchange is given up.
  package var longestSilence = TimeSpan.seconds(30)
  /// How large an answer may be after decompression, in bytes; ``partialAnswer`` says what becomes of a larger one.
  package var maximumAnswerSize: Int
  package var partialAnswer = PartialAnswer.fails
  /// A file of certificate authorities (PEM) to trust instead of the system's.
  package var caFile: String?
  /// Whether `http` is allowed to hosts that are not loopback.
  package var allowsPlainHTTP: Bool

  package init(
    _ method: Method, url: Secret, headers: [Header] = [], body: [UInt8]? = nil, timeout: TimeSpan = .seconds(30),
    maximumAnswerSize: Int = 1 << 20, caFile: String? = nil, allowsPlainHTTP: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.maximumAnswerSize = maximumAnswerSize
    self.caFile = caFile
    self.allowsPlainHTTP = allowsPlainHTTP
  }
}

/// What becomes of an answer of which the status and every header have come, but not the whole body.
package enum PartialAnswer: Sendable {
  /// A larger body than is allowed is ``TransportError/tooLarge(limit:)``.
  case fails
  /// A body that is too large is cut; one that breaks off fails.
  case cuts
  /// The body is taken as far as it has come: only the status counts.
  case suffices
}

/// A whole HTTP answer, or what ``PartialAnswer`` allows of one.
package struct TransportResponse: Sendable, Equatable {
  package let status: Int
  /// In the order received; names in lower case.
  package let headers: [(name: String, value: String)]
  /// Decompressed.
  package let body: [UInt8]

  package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first value of a header, by its name in lower case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name == name }?.value
  }

  package static func == (first: TransportResponse, second: TransportResponse) -> Bool {
    first.status == second.status && first.body == second.body
      && first.headers.elementsEqual(second.headers) { $0 == $1 }
  }
}

/// Why there is no answer. No case holds a secret: URLs are named by host at the most.
package enum TransportError: Error, Hashable, Sendable {
  /// The name did not resolve or nobody accepted the connection.
  case unreachable(String)
  /// The connection broke before the answer was complete.
  case disconnected(String)
  case timeout(String)
  /// The certificate or the handshake was refused.
  case tls(String)
  /// The answer is larger than the limit in bytes.
  case tooLarge(limit: Int)
  /// The request itself is not allowed or malformed: scheme, control characters, a user name in the address.
  case refused(String)
  /// The server's answer is not the protocol (HTTP or SMTP).
  case protocolViolation(String)
  case cancelled

  /// Whether the same request may succeed later without anybody changing anything.
  package var isRetryable: Bool {
    switch self {
    case .unreachable, .disconnected, .timeout, .tls: true
    case .tooLarge, .refused, .protocolViolation, .cancelled: false
    }
  }

  /// Whether the other side may have acted on the request all the same.
  package var mayHaveArrived: Bool {
    switch self {
    case .disconnected, .timeout, .tooLarge, .protocolViolation, .cancelled: true
    case .unreachable, .tls, .refused: false
    }
  }

  /// One line for people.
  package var message: String {
    switch self {
    case .unreachable(let text), .disconnected(let text), .timeout(let text), .tls(let text), .refused(let text),
      .protocolViolation(let text):
      text
    case .tooLarge(let limit): "the answer is larger than \(limit.grouped) bytes"
    case .cancelled: "cancelled"
    }
  }
}
