/// A value of the configuration that is about to be decoded: the JSON, its path, and where to report what is wrong.
///
/// Every reading method returns nil after it has reported the reason, so a decoder reads on and all issues of a file
/// come at once.
package struct ConfigurationNode {
  package let json: JSONNode
  private let document: Document

  /// What the values of one configuration share.
  private final class Document {
    let surroundings: ConfigurationSurroundings
    let issues: ConfigurationIssues

    init(_ surroundings: ConfigurationSurroundings, _ issues: ConfigurationIssues) {
      self.surroundings = surroundings
      self.issues = issues
    }
  }

  /// - Parameter root: the value of the whole text.
  package init(
    _ root: JSONNode, among surroundings: ConfigurationSurroundings = ConfigurationSurroundings(),
    issues: ConfigurationIssues
  ) {
    issues.sources.name { root.path(to: $0) }
    self.init(composed: root, among: surroundings, issues: issues)
  }

  /// - Parameter root: a value that is put together from several texts, whose values have their names already.
  package init(composed root: JSONNode, among surroundings: ConfigurationSurroundings, issues: ConfigurationIssues) {
    self.init(root, in: Document(surroundings, issues))
  }

  private init(_ json: JSONNode, in document: Document) {
    self.json = json
    self.document = document
  }

  /// The JSON path of this value; empty for the whole text.
  var path: String { document.issues.sources.path(at: json.offset) }
  package var surroundings: ConfigurationSurroundings { document.surroundings }
  /// The directory of the text in which this stands, seen from the configuration's directory.
  var directory: String { document.issues.sources.source(at: json.offset)?.directory ?? "." }

  /// Reports an issue at this value.
  package func report(_ message: String) {
    document.issues.report(message, offset: json.offset)
  }

  /// Reports that something stands at another value already.
  func report(_ message: String, at earlier: ConfigurationNode, _ rest: String) {
    document.issues.report(message, place: earlier.json.offset, rest, offset: json.offset)
  }

  /// Whether another value stands in the same text.
  func isBeside(_ other: ConfigurationNode) -> Bool {
    let sources = document.issues.sources
    return sources.source(at: json.offset)?.base == sources.source(at: other.json.offset)?.base
  }

  /// Reports an issue at the name of one of this object's members.
  func report(_ message: String, atMember member: JSONMember) {
    document.issues.report(message, path: child(member).path, offset: member.nameOffset)
  }

  func item(_ json: JSONNode) -> ConfigurationNode { ConfigurationNode(json, in: document) }

  func child(_ member: JSONMember) -> ConfigurationNode { ConfigurationNode(member.node, in: document) }

  /// The value of a member with this name, if this is an object that has one; it does not count as known by that.
  func member(_ name: String) -> ConfigurationNode? {
    guard case .object(let members) = json.value else { return nil }
    return members.first { $0.name == name }.map(child)
  }

  private func wrongKind(_ expected: String) {
    report("expected \(expected), found \(json.kind)")
  }

  /// Text, which must not be empty.
  package func string() -> String? {
    guard case .string(let text) = json.value else {
      wrongKind("text")
      return nil
    }
    guard !text.isEmpty else {
      report("must not be empty")
      return nil
    }
    if let character = InvisibleCharacter(outOfPlaceIn: text) {
      report("\(character.words); remove it")
      return nil
    }
    return text
  }

  /// `true` or `false`.
  package func boolean() -> Bool? {
    guard case .boolean(let flag) = json.value else {
      wrongKind("true or false")
      return nil
    }
    return flag
  }

  /// A whole number in a range.
  package func integer(in range: ClosedRange<Int64>) -> Int64? {
    guard case .number(let text) = json.value else {
      wrongKind("a whole number")
      return nil
    }
    guard let number = Int64(text), range.contains(number) else {
      let bounds =
        range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      report("expected a whole number \(bounds), found \(text)")
      return nil
    }
    return number
  }

  /// A length of time such as `30s`, `15m`, `6h`, `2d` or `2w`.
  package func timeSpan() -> TimeSpan? {
    guard let text = string() else { return nil }
    guard let span = TimeSpan(text) else {
      report("expected a length of time such as \"30s\", \"15m\", \"6h\", \"2d\" or \"2w\", found \"\(text)\"")
      return nil
    }
    return span
  }

  /// The same within bounds.
  func timeSpan(in range: ClosedRange<TimeSpan>) -> TimeSpan? {
    guard let span = timeSpan() else { return nil }
    guard range.contains(span) else {
      report("expected a length of time from \(range.lowerBound) to \(range.upperBound), found \(span)")
      return nil
    }
    return span
  }

  /// One of the words that an enumeration knows.
  package func choice<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    guard let text = string() else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue)
      report("\"\(text)\" is not known here" + suggestion(for: text, among: known))
      return nil
    }
    return choice
  }

  /// An identifier: letters, digits, `.`, `_` and `-`, starting and ending with a letter or digit, at most 64 long,
  /// without two dots in a row (it becomes a part of e-mail Message-IDs).
  package func identifier() -> String? {
    guard let text = string() else { return nil }
    guard Identifier.isValid(text) else {
      report(Identifier.problem(in: text))
      return nil
    }
    return text
  }

  /// The items of a list.
  package func array(atLeast minimum: Int = 0, atMost maximum: Int = .max) -> ConfigurationList? {
    guard case .array(let items) = json.value else {
      wrongKind("a list")
      return nil
    }
    guard items.count >= minimum else {
      report("must have at least \(minimum) \(minimum == 1 ? "entry" : "entries")")
      return nil
    }
    guard items.count <= maximum else {
      report("must have at most \(maximum) \(maximum == 1 ? "entry" : "entries")")
      return nil
    }
    return ConfigurationList(items, of: self)
  }

  /// The members of an object whose names the user chooses.
  package func members() -> [(name: String, node: ConfigurationNode)]? {
    guard case .object(let members) = json.value else {
      wrongKind("an object")
      return nil
    }
    return members.map { ($0.name, child($0)) }
  }

  /// Those of the same whose names are right; others are reported, each at the name.
  func members(checking problem: (String) -> String?) -> [(name: String, node: ConfigurationNode)]? {
    guard case .object(let members) = json.value else { return self.members() }
    return members.compactMap { member in
      guard let message = problem(member.name) else { return (member.name, child(member)) }
      document.issues.report(message, path: path, offset: member.nameOffset)
      return nil
    }
  }

  /// How many members this object has.
  var memberCount: Int {
    if case .object(let members) = json.value { members.count } else { 0 }
  }

  /// An object whose names are known: the body reads what it knows, and every other name is then reported.
  ///
  /// - Parameter place: the member that knows a name which this object does not.
  package func object<Result>(
    placeOf place: (String) -> String? = { _ in nil }, _ body: (inout ConfigurationObject) -> Result?
  ) -> Result? {
    guard case .object(let members) = json.value else {
      wrongKind("an object")
      return nil
    }
    var object = ConfigurationObject(node: self, members: members)
    let result = body(&object)
    object.reportUnknown(placeOf: place)
    return result
  }
}

/// The items of a list of the configuration.
package struct ConfigurationList: RandomAccessCollection {
  private let items: JSONList
  private let node: ConfigurationNode

  fileprivate init(_ items: JSONList, of node: ConfigurationNode) {
    self.items = items
    self.node = node
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { items.count }
  package subscript(index: Int) -> ConfigurationNode { node.item(items[index]) }
}

/// An object of the configuration whose names are known.
package struct ConfigurationObject {
  package let node: ConfigurationNode
  private let members: [JSONMember]
  /// In the order in which they were asked for; too few for a set to pay.
  private var known: [String] = []

  init(node: ConfigurationNode, members: [JSONMember]) {
    self.node = node
    self.members = members
  }

  /// The value under a name that may be left out.
  package mutating func optional(_ name: String) -> ConfigurationNode? {
    known.append(name)
    return member(name)
  }

  /// The value under a name that has to be there.
  package mutating func required(_ name: String) -> ConfigurationNode? {
    guard let value = optional(name) else {
      node.report("\"\(name)\" is missing")
      return nil
    }
    return value
  }

  /// The value under a name, if there is one; it does not count as known by that.
  func member(_ name: String) -> ConfigurationNode? { members.first { $0.name == name }.map(node.child) }

  /// Takes every name as known: for an object of which one cannot tell what it may hold.
  package mutating func expectEverything() {
    known += members.map(\.name)
  }

  func reportUnknown(placeOf place: (String) -> String?) {
    for member in members where !known.contains(member.name) {
      let help =
        place(member.name).map { "; it belongs into \"\($0)\"" }
        ?? suggestion(for: member.name, among: Set(known), atMost: 30)
      node.report("unknown key \"\(member.name)\"" + help, atMember: member)
    }
  }
}
