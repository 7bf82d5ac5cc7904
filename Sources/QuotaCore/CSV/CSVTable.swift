/// The rows of a text of comma-separated values, each read again whenever it is looked at: together they would take several
/// times the memory of the text.
struct CSVTable: Sendable {
  private let text: [UInt8]
  private let delimiter: UInt8
  /// Where each row's first field begins.
  private var rowStarts: [UInt32] = []

  private static let chunk = 1 << 16

  /// - Parameters:
  ///   - text: less than 4 GB.
  ///   - delimiter: see ``CSVReader``.
  ///   - skip: how many lines at the beginning are passed over.
  init(_ text: [UInt8], delimiter: UInt8, skip: Int) throws(CSVSyntaxError) {
    (self.text, self.delimiter) = (text, delimiter)
    var (reader, rows) = (CSVReader(delimiter: delimiter, skip: skip, notesStarts: true), [CSVRow]())
    for start in stride(from: 0, to: text.count, by: Self.chunk) {
      try reader.read(Array(text[start..<min(start + Self.chunk, text.count)]), into: &rows)
      rowStarts += rows.map { UInt32($0.starts[0]) }
      rows.removeAll(keepingCapacity: true)
    }
    try reader.finish(into: &rows)
    rowStarts += rows.map { UInt32($0.starts[0]) }
  }

  var count: Int { rowStarts.count }

  func row(at index: Int) throws(CSVSyntaxError) -> Row {
    let start = Int(rowStarts[index])
    let end = index + 1 < rowStarts.count ? Int(rowStarts[index + 1]) : text.count
    var (reader, rows) = (CSVReader(delimiter: delimiter, notesStarts: true), [CSVRow]())
    try reader.read(Array(text[start..<end]), into: &rows)
    try reader.finish(into: &rows)
    return Row(fields: rows[0].fields, starts: rows[0].starts.map { $0 + start })
  }

  /// The row in which a byte of the text is; nil before the first.
  func index(ofRowAt offset: Int) -> Int? {
    let following = rowStarts.partitioningIndex { $0 > offset }
    return following > 0 ? following - 1 : nil
  }

  struct Row {
    /// At least one, without their quotes.
    let fields: [String]
    /// The offset of each field's first byte in the text, its quote if it has one.
    let starts: [Int]

    /// Whether there is anything in it but spaces.
    var isBlank: Bool { fields.allSatisfy { $0.withoutOuterSpaces.isEmpty } }
  }
}
