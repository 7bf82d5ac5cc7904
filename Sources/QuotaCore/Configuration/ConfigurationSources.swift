/// The texts that a configuration is made of: a file, and those that it takes in.
///
/// Their offsets go on from one text to the next, so that an offset tells the text as well as the place in it, and values of
/// several texts can stand in one tree.
package final class ConfigurationSources {
  package struct Source {
    /// What messages call the text.
    package let file: String
    package let bytes: [UInt8]
    /// The offset of the first byte.
    package let base: Int
    /// What relative paths in the text are relative to, seen from the configuration's directory; `.` for the same.
    package let directory: String
    /// What a message calls the value at an offset; empty for the text as a whole.
    fileprivate var path: (Int) -> String = { _ in "" }
  }

  private var all: [Source] = []

  package init() {}

  /// Adds a text, and returns the offset of its first byte.
  package func add(_ bytes: [UInt8], file: String = "", directory: String = ".") -> Int {
    // Two texts never share an offset, even if one is empty.
    let base = all.last.map { $0.base + $0.bytes.count + 1 } ?? 0
    all.append(Source(file: file, bytes: bytes, base: base, directory: directory))
    return base
  }

  /// Says what the values of the text are called that was added last.
  package func name(_ path: @escaping (Int) -> String) {
    guard !all.isEmpty else { return }
    all[all.count - 1].path = path
  }

  func source(at offset: Int) -> Source? {
    all.isEmpty ? nil : all[max(all.partitioningIndex { $0.base > offset } - 1, 0)]
  }

  /// What a message calls the value at an offset, such as `rules[0].percent`.
  package func path(at offset: Int) -> String { source(at: offset)?.path(offset) ?? "" }

  /// The files and positions of some offsets, each text gone through once.
  func places(of offsets: [Int]) -> [Int: (file: String, position: TextPosition)] {
    var places: [Int: (file: String, position: TextPosition)] = [:]
    var rest = Array(Set(offsets)).sorted()[...]
    for source in all {
      let own = rest.prefix { $0 <= source.base + source.bytes.count }
      rest = rest.dropFirst(own.count)
      let positions = TextPosition.positions(ofAscending: own.map { $0 - source.base }, in: source.bytes)
      for (offset, position) in zip(own, positions) { places[offset] = (source.file, position) }
    }
    return places
  }
}
