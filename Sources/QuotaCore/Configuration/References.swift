extension ConfigurationSurroundings {
  /// What is wrong with a name that refers to something, and what to do; nil if that is there.
  func problem(in name: String, of kind: Referable) -> String? {
    guard let known = names[kind], !known.contains(name) else { return nil }
    let help = suggestion(for: name, among: known)
    guard help.isEmpty else { return "no \(kind.rawValue) \"\(name)\" is configured\(help)" }
    let advice = kind == .tag ? "give it to an organization" : "add it under \"\(kind.rawValue)s\""
    return "no \(kind.rawValue) \"\(name)\" is configured; \(advice)"
  }
}

extension ConfigurationNode {
  /// An identifier that stands for something in another part of the file, where it has to be.
  func reference(to kind: Referable) -> String? {
    guard let name = identifier() else { return nil }
    guard let problem = surroundings.problem(in: name, of: kind) else { return name }
    report(problem)
    return nil
  }

  /// Reports each object of a list whose id an earlier one has, also of those that are wrong otherwise.
  func checkIDs(_ items: ConfigurationList, of kind: Referable) {
    // As many different ids as objects.
    guard surroundings.names[kind]?.count != items.count else { return }
    var places: [String: Int] = [:]
    for (index, item) in items.enumerated() {
      guard let node = item.member("id"), let id = node.json.string else { continue }
      if let earlier = places[id].map({ items[$0] }) {
        let advice = " already; every \(kind.rawValue) needs its own"
        // A row of a table begins with its id and has no path.
        if item.isBeside(earlier), earlier.json.offset != earlier.member("id")?.json.offset {
          node.report("\"\(id)\" is the id of \(earlier.path)\(advice)")
        } else {
          node.report("\"\(id)\" is the id of the \(kind.rawValue) at ", at: earlier, advice)
        }
      } else {
        places[id] = index
      }
    }
  }
}
