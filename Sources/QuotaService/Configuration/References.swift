import QuotaCore

/// Ids of one kind of thing, of which each may stand in the file once.
struct UniqueIDs {
  private let kind: String
  private var places: [String: String] = [:]

  init(of kind: String) {
    self.kind = kind
  }

  /// Reports an id that an earlier item has.
  mutating func check(_ id: String, at node: ConfigurationNode?, in item: ConfigurationNode) {
    if let earlier = places.updateValue(item.path, forKey: id) {
      node?.report("\"\(id)\" is the id of \(earlier) already; every \(kind) needs its own")
      places[id] = earlier
    }
  }
}

extension ConfigurationNode {
  /// An identifier that stands for something in another part of the file.
  ///
  /// - Parameters:
  ///   - known: what there is; nil if that part of the file cannot be read, and so everything may be right.
  ///   - kind: what it stands for, in a word.
  func reference(to known: Set<String>?, of kind: String) -> String? {
    guard let name = identifier() else { return nil }
    checkReference(name, to: known, of: kind)
    return name
  }

  /// A list of references, each once.
  func references(to known: Set<String>?, of kind: String) -> [String] {
    checkReferences(to: known, of: kind)
    return (array() ?? []).compactMap { $0.identifier() }
  }

  /// Reports the entries of a list that stand for nothing or that stand there twice; leaves alone what is no
  /// identifier, which the list's decoder reports.
  func checkReferences(to known: Set<String>?, of kind: String) {
    guard case .array = json.value else { return }
    var seen: Set<String> = []
    for item in array() ?? [] {
      guard case .string(let name) = item.json.value, Identifier.isValid(name) else { continue }
      item.checkReference(name, to: known, of: kind)
      if !seen.insert(name).inserted { item.report("\"\(name)\" stands here twice") }
    }
  }

  /// The same for one reference.
  func checkReference(to known: Set<String>?, of kind: String) {
    guard case .string(let name) = json.value, Identifier.isValid(name) else { return }
    checkReference(name, to: known, of: kind)
  }

  private func checkReference(_ name: String, to known: Set<String>?, of kind: String) {
    guard let known, !known.contains(name) else { return }
    let help = suggestion(for: name, among: known)
    report("no \(kind) \"\(name)\" is configured\(help.isEmpty ? "; add it under \"\(kind)s\"" : help)")
  }
}
