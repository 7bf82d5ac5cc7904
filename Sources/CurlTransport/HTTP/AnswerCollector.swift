import CLibcurl
import QuotaCore

/// Collects an HTTP answer as libcurl hands it over, and stops it where it grows too large.
final class AnswerCollector {
  /// How many bytes all headers of an answer may have together.
  static let longestHeaders = 64 * 1_024

  /// The limit that was exceeded, if one was.
  private(set) var exceededLimit: Int?
  private let maximumSize: Int
  private var body: [UInt8] = []
  private var headers: [(name: String, value: String)] = []
  private var headerSize = 0
  /// Before a status line, or behind a block of headers, where trailers may follow.
  private var isBetweenBlocks = true
  /// Whether the headers came to their end. libcurl does not mind if the connection ends within them.
  var hasWholeHeaders: Bool { isBetweenBlocks }

  init(maximumSize: Int) {
    self.maximumSize = maximumSize
  }

  /// Makes a handle deliver its answer here. The collector has to live until the transfer ends.
  func receive(from easy: EasyHandle) throws(TransportError) {
    let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    try easy.set(CURLOPT_WRITEDATA, pointer: context)
    try easy.set(CURLOPT_WRITEFUNCTION) { data, size, count, context in
      AnswerCollector.deliver(data, size * count, context) { $0.addBody($1) }
    }
    try easy.set(CURLOPT_HEADERDATA, pointer: context)
    try easy.set(CURLOPT_HEADERFUNCTION) { data, size, count, context in
      AnswerCollector.deliver(data, size * count, context) { $0.addHeader($1) }
    }
  }

  /// Makes a handle forget where it delivered its answer.
  static func receiveNothing(from easy: EasyHandle) throws(TransportError) {
    try easy.set(CURLOPT_WRITEDATA, pointer: UnsafeRawPointer?.none)
    try easy.set(CURLOPT_HEADERDATA, pointer: UnsafeRawPointer?.none)
  }

  func response(status: Int) -> TransportResponse {
    TransportResponse(status: status, headers: headers, body: body)
  }

  /// Returns how much was taken, for libcurl: all of it, or nothing, which ends the transfer.
  private static func deliver(
    _ data: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    to add: (AnswerCollector, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    guard let context else { return 0 }
    let collector = Unmanaged<AnswerCollector>.fromOpaque(context).takeUnretainedValue()
    return add(collector, UnsafeRawBufferPointer(start: data, count: count)) ? count : 0
  }

  /// - Parameter bytes: decompressed.
  private func addBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count <= maximumSize - body.count else {
      exceededLimit = maximumSize
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }

  /// Takes one line. The headers of a 1xx answer make way for those of the next one; trailers are left out.
  private func addHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
    headerSize += bytes.count
    guard headerSize <= Self.longestHeaders else {
      exceededLimit = Self.longestHeaders
      return false
    }
    let line = Self.trimmed(bytes[...])
    if line.isEmpty {
      isBetweenBlocks = true
    } else if isBetweenBlocks {
      guard line.starts(with: "HTTP/".utf8) else { return true }
      headers = []
      isBetweenBlocks = false
    } else if let first = bytes.first, !Self.isBlank(first), let colon = line.firstIndex(of: UInt8(ascii: ":")) {
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      headers.append((name, String(decoding: Self.trimmed(line[(colon + 1)...]), as: UTF8.self)))
    }
    return true
  }

  private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return bytes[bytes.startIndex..<bytes.startIndex] }
    return bytes[first...last]
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
}
