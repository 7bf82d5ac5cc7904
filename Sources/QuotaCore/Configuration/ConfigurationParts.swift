/// Puts together what several texts of a configuration say.
package struct ConfigurationParts {
  /// A part to which every text may add.
  private enum Part: String, CaseIterable {
    case organizations
    case plans
    case rules
    case notifiers
    case routes

    /// Whether it is an object of names that the user has chosen, and no list.
    var isNamed: Bool { [.plans, .notifiers].contains(self) }
  }

  private let issues: ConfigurationIssues
  private let offset: Int
  /// What the first text says besides.
  private var members: [JSONMember]
  private var lists: [Part: JSONList] = [:]
  private var named: [Part: [JSONMember]] = [:]
  /// Where each part begins.
  private var starts: [Part: JSONMember] = [:]
  /// Where the names stand that the user has chosen.
  private var places: [Part: [String: Int]] = [:]

  /// - Parameter root: the first text, whatever it is.
  package init(_ root: JSONNode, issues: ConfigurationIssues) {
    self.issues = issues
    offset = root.offset
    members = []
    guard case .object(let members) = root.value else { return }
    for member in members {
      // What is of the wrong kind is told where it is decoded.
      if let part = Part(rawValue: member.name), part.isNamed ? member.node.isObject : member.node.isList {
        add(member, to: part)
      } else {
        self.members.append(member)
      }
    }
  }

  /// Adds what an included text says, and reports what must not stand there.
  package mutating func include(_ root: JSONNode) {
    guard case .object(let included) = root.value else {
      return issues.report("expected an object, found \(root.kind)", offset: root.offset)
    }
    for member in included where member.name != "$schema" {
      if let part = Part(rawValue: member.name) {
        add(member, to: part)
      } else if member.name == "include" {
        report("an included file includes nothing; name all files in the first one", at: member)
      } else {
        let known = Part.allCases.map(\.rawValue)
        report(
          "\"\(member.name)\" has no place in an included file" + suggestion(for: member.name, among: known), at: member
        )
      }
    }
  }

  /// Adds organizations that come from elsewhere.
  package mutating func add(organizations: JSONNode) {
    add(
      JSONMember(name: "organizations", nameOffset: organizations.offset, node: organizations), to: .organizations)
  }

  /// All of it as if it were one text.
  package var whole: JSONNode {
    let parts = Part.allCases.compactMap { part -> JSONMember? in
      guard let start = starts[part], !members.contains(where: { $0.name == part.rawValue }) else { return nil }
      let value: JSONNode.Value = part.isNamed ? .object(named[part] ?? []) : .array(lists[part] ?? [])
      return JSONMember(
        name: start.name, nameOffset: start.nameOffset, node: JSONNode(value, offset: start.node.offset))
    }
    return JSONNode(.object(members + parts), offset: offset)
  }

  private func report(_ message: String, at member: JSONMember) {
    issues.report(message, path: member.name, offset: member.nameOffset)
  }

  private mutating func add(_ member: JSONMember, to part: Part) {
    switch member.node.value {
    case .array(let items) where !part.isNamed: lists[part] = lists[part]?.joined(with: items) ?? items
    case .object(let items) where part.isNamed: named[part, default: []] += distinct(items, part)
    default:
      let kind = part.isNamed ? "an object" : "a list"
      return issues.report("expected \(kind), found \(member.node.kind)", offset: member.node.offset)
    }
    if starts[part] == nil { starts[part] = member }
  }

  /// Those whose names no earlier text has; others are reported.
  private mutating func distinct(_ items: [JSONMember], _ part: Part) -> [JSONMember] {
    items.filter { item in
      guard let earlier = places[part]?[item.name] else {
        places[part, default: [:]][item.name] = item.nameOffset
        return true
      }
      issues.report(
        "\"\(item.name)\" stands at ", place: earlier, " already; each of \(part.rawValue) needs a name of its own",
        offset: item.nameOffset)
      return false
    }
  }
}
