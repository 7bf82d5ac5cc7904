import CLibcurl
import QuotaCore

/// One HTTP exchange.
///
/// Whoever makes it checks and copies the request; from then on only the engine's thread touches it, which is what
/// makes it `Sendable`.
final class HTTPTransfer: @unchecked Sendable {
  /// libcurl's handle while the exchange is under way.
  var easy: UnsafeMutableRawPointer?
  var isCancelled = false

  private let address: Address
  private let headers: TextList
  private let body: RequestBody?
  private let form: FormBody?
  private let userAgent: String
  private let timeout: TimeSpan
  private let longestSilence: TimeSpan
  private let caFile: String?
  private let answer: AnswerCollector
  private let partialAnswer: PartialAnswer

  init(_ request: TransportRequest, userAgent: String, _ proxies: Proxies) throws(TransportError) {
    address = try Address(request.url, allowsPlainHTTP: request.allowsPlainHTTP, proxies)
    headers = try TextList(request)
    switch (request.method, request.body, request.form) {
    case (.get, nil, nil): (body, form) = (nil, nil)
    case (.get, _, _): throw .refused("a GET request has no body")
    case (.post, let bytes, nil): (body, form) = (RequestBody(bytes ?? []), nil)
    case (.post, nil, let parts?): (body, form) = (nil, FormBody(parts))
    case (.post, .some, .some): throw .refused("a request has a body or a form, not both")
    }
    self.userAgent = userAgent
    timeout = request.timeout
    longestSilence = request.longestSilence
    caFile = request.caFile
    answer = AnswerCollector(maximumSize: request.maximumAnswerSize)
    partialAnswer = request.partialAnswer
  }

  /// Sets a fresh handle up. It refers to this transfer's memory until it is reset.
  func prepare(_ easy: EasyHandle) throws(TransportError) {
    try easy.setSafeOptions(for: address, timeout: timeout, caFile: caFile)
    try easy.set(CURLOPT_LOW_SPEED_TIME, Int(longestSilence.seconds))
    try easy.set(CURLOPT_USERAGENT, userAgent)
    try easy.set(CURLOPT_HTTPHEADER, pointer: headers.head)
    try easy.set(CURLOPT_ACCEPT_ENCODING, "")
    try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    if address.scheme == "https" { try easy.set(CURLOPT_PIPEWAIT, 1) }
    if let body {
      try easy.set(CURLOPT_POST, 1)
      try easy.set(CURLOPT_POSTFIELDSIZE_LARGE, size: body.bytes.count)
      try easy.set(CURLOPT_POSTFIELDS, pointer: UnsafeRawPointer(body.bytes.baseAddress))
    }
    if let form { try form.send(with: easy) }
    try answer.receive(from: easy)
  }

  /// What came of an exchange that is ended before its time: the answer, if it has begun and that suffices.
  func resultWhenCancelled(_ easy: EasyHandle) -> Result<TransportResponse, TransportError> {
    let status = easy.long(CURLINFO_RESPONSE_CODE)
    guard answer.hasWholeHeaders, status >= 200, partialAnswer == .suffices else { return .failure(.cancelled) }
    return .success(answer.response(status: status))
  }

  /// What came of the exchange, once libcurl has ended it.
  func result(_ code: CURLcode, _ easy: EasyHandle) -> Result<TransportResponse, TransportError> {
    let status = easy.long(CURLINFO_RESPONSE_CODE)
    let hasBegun = answer.hasWholeHeaders && status >= 200
    if let limit = answer.exceededLimit {
      guard hasBegun, partialAnswer != .fails else { return .failure(.tooLarge(limit: limit)) }
      return .success(answer.response(status: status))
    }
    let code = code == CURLE_OK && !answer.hasWholeHeaders ? CURLE_PARTIAL_FILE : code
    guard code == CURLE_OK || hasBegun && partialAnswer == .suffices else {
      return .failure(TransportError(code, to: address, easy))
    }
    return .success(answer.response(status: status))
  }
}

/// The one copy of a body, at a fixed place for libcurl to read.
private final class RequestBody {
  let bytes: UnsafeMutableBufferPointer<UInt8>

  init(_ body: [UInt8]) {
    // At least one byte, so that an empty body has a place, too.
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(body.count, 1))
    _ = memory.initialize(from: body)
    bytes = UnsafeMutableBufferPointer(rebasing: memory[..<body.count])
  }

  deinit {
    bytes.baseAddress?.deallocate()
  }
}

extension TextList {
  /// What frames the body, which is the transport's own business.
  private static let framing: Set = ["content-length", "transfer-encoding"]

  /// The headers of a request, and those that keep libcurl from adding some of its own.
  fileprivate convenience init(_ request: TransportRequest) throws(TransportError) {
    self.init()
    var hasContentType = false
    for header in request.headers {
      guard HeaderText.isName(header.name) else {
        throw .refused("a header's name holds characters that are not allowed")
      }
      let name = header.name.lowercased()
      guard !Self.framing.contains(name) else { throw .refused("the header \(header.name) cannot be chosen") }
      let value = header.value.reveal()
      try HeaderText.check(value, what: "the value of the header \(header.name)")
      // libcurl reads "Name:" as the wish to leave a header out, and "Name;" as one without a value.
      let isEmpty = value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
      try append(isEmpty ? "\(header.name);" : "\(header.name): \(value)")
      hasContentType = hasContentType || name == "content-type"
    }
    guard request.method == .post else { return }
    // A form's own type names the boundary, which libcurl chooses.
    guard request.form == nil || !hasContentType else { throw .refused("the content type of a form cannot be chosen") }
    if !hasContentType, request.form == nil { try append("Content-Type:") }
    // Otherwise libcurl holds a large body back for a second until the server answers 100.
    try append("Expect:")
  }
}
