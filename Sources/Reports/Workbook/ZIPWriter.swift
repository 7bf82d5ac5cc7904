/// Writes a ZIP archive (PKWARE APPNOTE 6.3.10) while its content comes into being.
///
/// Entries are deflated, with sizes and checksum in a data descriptor behind them. All have the same time, the oldest
/// that there is, so that the same content gives the same bytes.
struct ZIPWriter {
  private var output: OutputBuffer
  private var finished: [Entry] = []
  private var open: (entry: Entry, deflater: Deflater)?

  private struct Entry {
    let name: [UInt8]
    let offset: UInt64
    var checksum: UInt32 = 0
    var compressedSize: UInt64 = 0
    var size: UInt64 = 0
  }

  /// Sizes behind the content, names in UTF-8.
  private static let flags: UInt16 = 0x0808
  private static let deflated: UInt16 = 8
  private static let version: UInt16 = 20
  /// 1980-01-01, midnight.
  private static let time: [UInt8] = [0, 0, 0x21, 0]

  init(_ sink: @escaping UsageReport.Sink) {
    output = OutputBuffer(sink)
  }

  /// Begins an entry; the one before must have ended.
  mutating func begin(_ name: String) throws {
    let entry = Entry(name: Array(name.utf8), offset: output.count)
    var header: [UInt8] = [0x50, 0x4B, 3, 4]
    header.append(little: Self.version)
    header.append(little: Self.flags)
    header.append(little: Self.deflated)
    header += Self.time + [UInt8](repeating: 0, count: 12)
    header.append(little: UInt16(entry.name.count))
    header.append(little: UInt16(0))
    try output.append(header + entry.name)
    open = (entry, try Deflater())
  }

  /// Adds to the entry that is open.
  mutating func write(_ bytes: [UInt8]) throws {
    try write(bytes, isLast: false)
  }

  private mutating func write(_ bytes: [UInt8], isLast: Bool) throws {
    guard let deflater = open?.deflater, var entry = open?.entry else { return }
    var compressed: [UInt8] = []
    try deflater.deflate(bytes, isLast: isLast, into: &compressed)
    entry.size += UInt64(bytes.count)
    entry.compressedSize += UInt64(compressed.count)
    if !bytes.isEmpty { entry.checksum = bytes.checksum(after: entry.checksum) }
    open = (entry, deflater)
    try output.append(compressed)
  }

  mutating func end() throws {
    try write([], isLast: true)
    guard let entry = open?.entry else { return }
    open = nil
    var descriptor: [UInt8] = [0x50, 0x4B, 7, 8]
    descriptor.append(little: entry.checksum)
    descriptor.append(little: try Self.size(entry.compressedSize))
    descriptor.append(little: try Self.size(entry.size))
    try output.append(descriptor)
    finished.append(entry)
  }

  /// Writes a whole entry.
  mutating func add(_ name: String, _ text: String) throws {
    try begin(name)
    try write(Array(text.utf8))
    try end()
  }

  /// Ends the archive with its directory.
  mutating func finish() throws {
    let start = output.count
    for entry in finished {
      var header: [UInt8] = [0x50, 0x4B, 1, 2]
      header.append(little: Self.version)
      header.append(little: Self.version)
      header.append(little: Self.flags)
      header.append(little: Self.deflated)
      header += Self.time
      header.append(little: entry.checksum)
      header.append(little: try Self.size(entry.compressedSize))
      header.append(little: try Self.size(entry.size))
      header.append(little: UInt16(entry.name.count))
      header += [UInt8](repeating: 0, count: 12)
      header.append(little: try Self.size(entry.offset))
      try output.append(header + entry.name)
    }
    var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    end.append(little: UInt16(finished.count))
    end.append(little: UInt16(finished.count))
    end.append(little: try Self.size(output.count - start))
    end.append(little: try Self.size(start))
    end.append(little: UInt16(0))
    try output.append(end)
    try output.flush()
  }

  private static func size(_ count: UInt64) throws -> UInt32 {
    guard let size = UInt32(exactly: count) else {
      throw OutputError("the workbook would be larger than 4 GiB; choose fewer months, or --format csv")
    }
    return size
  }
}

extension [UInt8] {
  /// Appends a number with its lowest byte first.
  fileprivate mutating func append(little number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
