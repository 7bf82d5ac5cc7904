/// The cells of a table's rows, which take little more room than their texts: a table may have hundreds of thousands.
struct PackedRows: Sendable {
  /// Some hundred rows each, so that what is there is not moved when more come. Of each row the number of its cells, and of
  /// each cell a head, then its text and a zero (no cell's text has one), or what its bar shows.
  private var blocks: [[UInt8]] = []

  private static let blockSize = 1 << 16
  private static let colors = TextTable.Color.allCases
  /// In a head, beside the colour: that a bar follows.
  private static let bar: UInt8 = 0x80

  mutating func add(_ cells: [TextTable.Cell]) {
    if blocks.last.map({ $0.count >= Self.blockSize }) ?? true { blocks.append([]) }
    let last = blocks.count - 1
    blocks[last].append(UInt8(clamping: cells.count))
    for cell in cells.prefix(Int(UInt8.max)) { Self.add(cell, to: &blocks[last]) }
  }

  private static func add(_ cell: TextTable.Cell, to block: inout [UInt8]) {
    let color = UInt8(cell.color.flatMap { colors.firstIndex(of: $0) }.map { $0 + 1 } ?? 0)
    if let shown = cell.bar {
      block.append(color | bar)
      for number in [shown.used, shown.quota] {
        withUnsafeBytes(of: number) { block.append(contentsOf: $0) }
      }
    } else {
      block.append(color)
      block.append(contentsOf: cell.text.utf8)
      block.append(0)
    }
  }

  /// Goes over the rows in the order in which they were added.
  func forEach(_ body: ([TextTable.Cell]) -> Void) {
    for block in blocks {
      block.withUnsafeBytes { bytes in
        var place = 0
        while place < bytes.count {
          place += 1
          body((0..<bytes[place - 1]).map { _ in Self.cell(in: bytes, at: &place) })
        }
      }
    }
  }

  private static func cell(in bytes: UnsafeRawBufferPointer, at place: inout Int) -> TextTable.Cell {
    let head = bytes[place]
    let color = head & ~bar == 0 ? nil : colors[Int(head & ~bar) - 1]
    place += 1
    guard head & bar == 0 else {
      defer { place += 2 * MemoryLayout<Int64>.size }
      let used = bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)
      let quota = bytes.loadUnaligned(fromByteOffset: place + MemoryLayout<Int64>.size, as: Int64.self)
      return TextTable.Cell(used: used, of: quota, color: color)
    }
    let end = bytes[place...].firstIndex(of: 0) ?? bytes.endIndex
    defer { place = end + 1 }
    return TextTable.Cell(shown: String(decoding: bytes[place..<end], as: UTF8.self), color: color)
  }
}
