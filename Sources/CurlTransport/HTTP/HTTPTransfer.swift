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

  private let options: ExchangeOptions
  private let headers: TextList
  private let body: RequestBody?
  private let form: FormBody?
  private let answer: AnswerCollector
  private let partialAnswer: PartialAnswer

  /// - Parameter address: what the request's own says.
  init(_ request: TransportRequest, to address: Address, userAgent: String) throws(TransportError) {
    options = ExchangeOptions(
      address: address, userAgent: userAgent, timeout: request.timeout, longestSilence: request.longestSilence,
      caFile: request.caFile)
    headers = try TextList(request)
    switch (request.method, request.body, request.form) {
    case (.get, nil, nil): (body, form) = (nil, nil)
    case (.get, _, _): throw .refused("a GET request has no body")
    case (.post, let bytes, nil): (body, form) = (RequestBody(bytes ?? []), nil)
    case (.post, nil, let parts?): (body, form) = (nil, FormBody(parts))
    case (.post, .some, .some): throw .refused("a request has a body or a form, not both")
    }
    answer = AnswerCollector(maximumSize: request.maximumAnswerSize)
    partialAnswer = request.partialAnswer
  }

  /// Sets a handle up that no other transfer uses. It refers to this transfer's memory until ``release(_:)``.
  func prepare(_ easy: EasyHandle) throws(TransportError) {
    try easy.setUp(for: options)
    try easy.set(CURLOPT_HTTPHEADER, pointer: headers.head)
    if let body {
      try easy.set(CURLOPT_POST, 1)
      try easy.set(CURLOPT_POSTFIELDSIZE_LARGE, size: body.bytes.count)
      try easy.set(CURLOPT_POSTFIELDS, pointer: UnsafeRawPointer(body.bytes.baseAddress))
    }
    if let form { try form.send(with: easy) }
    try answer.receive(from: easy)
  }

  /// Takes what is this transfer's own from a handle. What requests without a body have in common stays there.
  func release(_ easy: EasyHandle) {
    guard body == nil, form == nil else { return easy.reset() }
    do throws(TransportError) {
      try easy.set(CURLOPT_HTTPHEADER, pointer: UnsafeRawPointer?.none)
      try AnswerCollector.receiveNothing(from: easy)
    } catch {
      easy.reset()
    }
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
      return .failure(TransportError(code, to: options.address, easy))
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
  private static let framing = ["content-length", "transfer-encoding"]

  /// The headers of a request, and those that keep libcurl from adding some of its own.
  fileprivate convenience init(_ request: TransportRequest) throws(TransportError) {
    self.init()
    var hasContentType = false
    for header in request.headers {
      guard HeaderText.isName(header.name) else {
        throw .refused("a header's name holds characters that are not allowed")
      }
      guard !Self.framing.contains(where: header.isCalled) else {
        throw .refused("the header \(header.name) cannot be chosen")
      }
      let value = header.value.reveal()
      try HeaderText.check(value, what: "the value of the header \(header.name)")
      // libcurl reads "Name:" as the wish to leave a header out, and "Name;" as one without a value.
      let isEmpty = value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
      try append(isEmpty ? header.name + ";" : header.name + ": " + value)
      hasContentType = hasContentType || header.isCalled("content-type")
    }
    guard request.method == .post else { return }
    // A form's own type names the boundary, which libcurl chooses.
    guard request.form == nil || !hasContentType else { throw .refused("the content type of a form cannot be chosen") }
    if !hasContentType, request.form == nil { try append("Content-Type:") }
    // Otherwise libcurl holds a large body back for a second until the server answers 100.
    try append("Expect:")
  }
}

extension TransportRequest.Header {
  /// - Parameter name: in lower case.
  fileprivate func isCalled(_ name: String) -> Bool {
    // Of the characters of a name only capital letters become another one by this bit.
    self.name.utf8.elementsEqual(name.utf8) { $0 | 0x20 == $1 }
  }
}
