/// Collects bytes, so that a sink is called for many at once.
struct OutputBuffer {
  private(set) var bytes: [UInt8] = []
  /// All that was ever appended.
  private(set) var count: UInt64 = 0
  private let sink: UsageReport.Sink

  /// How many bytes are collected before the sink is called.
  private static let flushSize = 64 << 10

  init(_ sink: @escaping UsageReport.Sink) {
    self.sink = sink
  }

  mutating func append(_ more: [UInt8]) throws {
    bytes += more
    count += UInt64(more.count)
    if bytes.count >= Self.flushSize { try flush() }
  }

  mutating func append(_ text: String) throws {
    try append(Array(text.utf8))
  }

  mutating func flush() throws {
    guard !bytes.isEmpty else { return }
    try bytes.withUnsafeBytes(sink)
    bytes.removeAll(keepingCapacity: true)
  }
}
