extension Shape {
  /// A value that JSON Schema describes by keywords.
  package init(
    _ words: @autoclosure @escaping @Sendable () -> String,
    plural: @autoclosure @escaping @Sendable () -> String? = nil,
    _ keywords: @autoclosure @escaping @Sendable () -> [JSONLiteral.Member],
    accepts: @autoclosure @escaping @Sendable () -> [JSONLiteral],
    refuses: @autoclosure @escaping @Sendable () -> [JSONLiteral],
    beyond: @autoclosure @escaping @Sendable () -> [JSONLiteral] = [],
    encode: @escaping @Sendable (Value) -> JSONLiteral? = { _ in nil },
    decode: @escaping @Sendable (ConfigurationNode) -> Value?
  ) {
    self.init(
      ShapeDeclaration(
        words: words(), plural: plural(), .value(keywords()), accepts: accepts(), refuses: refuses(),
        beyond: beyond()),
      encode: encode, decode: decode)
  }

  /// A text that a regular expression describes, by the syntax of ECMA-262.
  package init(
    _ words: String, plural: String? = nil, pattern: String,
    accepts: @autoclosure @escaping @Sendable () -> [JSONLiteral],
    refuses: @autoclosure @escaping @Sendable () -> [JSONLiteral],
    beyond: @autoclosure @escaping @Sendable () -> [JSONLiteral] = [],
    encode: @escaping @Sendable (Value) -> JSONLiteral? = { _ in nil },
    decode: @escaping @Sendable (ConfigurationNode) -> Value?
  ) {
    self.init(
      words, plural: plural, [.init("type", "string"), .init("pattern", .text(pattern))], accepts: accepts(),
      refuses: refuses() + ["", 5, .null], beyond: beyond(), encode: encode, decode: decode)
  }
}

extension Shape where Value == Bool {
  package static var boolean: Shape {
    Shape(
      "true or false", plural: "flags", [.init("type", "boolean")], accepts: [true, false], refuses: ["yes", 1, .null],
      encode: { .boolean($0) }, decode: { $0.boolean() })
  }
}

extension Shape where Value == Int64 {
  /// A whole number.
  package static func count(from least: Int64, to most: Int64) -> Shape {
    let isOpen = most >= Quota.largest
    return Shape(
      isOpen ? "whole number from \(least)" : "\(least) to \(most)", plural: "whole numbers",
      [
        .init("type", "integer"), .init("minimum", .number("\(least)")), .init("maximum", .number("\(most)")),
      ],
      accepts: [.number("\(least)"), .number("\(most)")],
      refuses: [
        .number("\(least - 1)"), .number("\(most + 1)"), .number("\(least).5"), .text("\(least)"), .null,
      ],
      beyond: [.number("\(least).0")], encode: { .number("\($0)") }, decode: { $0.integer(in: least...most) })
  }
}

extension Shape where Value == Int {
  /// A whole number.
  package static func integer(from least: Int64, to most: Int64) -> Shape {
    let count = Shape<Int64>.count(from: least, to: most)
    return Shape(
      count.declaration, encode: { .number("\($0)") }, decode: { count.decode($0).map(Int.init) })
  }
}

extension Shape where Value == String {
  private static let noControls = #"^[^\u0000-\u001F\u007F-\u009F]*$"#

  /// A text that is not empty.
  package static var text: Shape {
    Shape(
      "text", [.init("type", "string"), .init("minLength", 1)], accepts: ["x"], refuses: ["", 5, .null],
      encode: { .text($0) }, decode: { $0.string() })
  }

  /// A text on one line, without control characters.
  package static func line(atMost limit: Int) -> Shape {
    Shape(
      "text", plural: "texts",
      [
        .init("type", "string"), .init("minLength", 1), .init("maxLength", .number("\(limit)")),
        .init("pattern", .text(noControls)),
      ],
      accepts: ["Größe & Söhne", .text(String(repeating: "x", count: limit))],
      refuses: ["", "a\nb", "a\u{7}", 5, .null, .text(String(repeating: "x", count: limit + 1))],
      encode: { .text($0) }, decode: { $0.line(atMost: limit) })
  }

  /// A path; a relative one is taken as relative to the configuration's directory.
  package static var path: Shape {
    let written = writtenPath
    return Shape(written.declaration, encode: written.encode) { node in written.decode(node).map(node.path) }
  }

  /// A path as it is written.
  package static var writtenPath: Shape {
    line(atMost: 4_096).called("path").named("path", "A path; a relative one is relative to this file.")
  }

  /// An id; see ``Identifier``.
  package static var identifier: Shape {
    Shape(
      "id", pattern: #"^(?!.*\.\.)[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$"#,
      accepts: ["a", "a.b-c_9", .text(String(repeating: "x", count: 64))],
      refuses: ["a b", "a..b", "-a", "a.", "é", .text(String(repeating: "x", count: 65))],
      encode: { .text($0) }, decode: { $0.identifier() }
    )
    .named("identifier", "Up to 64 letters, digits, '-', '_' and single dots, a letter or digit first and last.")
  }

  /// The id of something that another part of the file has.
  package static func reference(to kind: Referable) -> Shape {
    Shape(.reference(to: kind), encode: { .text($0) }, decode: { $0.reference(to: kind) })
  }
}

extension ShapeDeclaration {
  /// One of some words.
  fileprivate static func choice(of words: [String]) -> ShapeDeclaration {
    let list = words.map { "`\($0)`" }.joined(separator: ", ")
    return ShapeDeclaration(
      words: list, plural: list, .value([.init("enum", .list(words.map { .text($0) }))]),
      accepts: words.map { .text($0) }, refuses: ["", .text("x-\(words.first ?? "")"), 5, .null])
  }

  /// The id of something that another part of the file has.
  fileprivate static func reference(to kind: Referable) -> ShapeDeclaration {
    var reference = Shape<String>.identifier.declaration
    (reference.words, reference.plural) = ("name", "names")
    (reference.accepts, reference.beyond) = ([.text(kind.example)], ["nobody"])
    return reference
  }
}

extension Referable {
  /// What stands in examples for one of the kind.
  package var example: String {
    switch self {
    case .organization: "acme"
    case .plan: "growth"
    case .rule: "quota"
    case .notifier: "ops"
    case .tag: "vip"
    }
  }
}

extension Shape where Value == [NotifierID] {
  /// Names of notifiers, each once.
  package static var notifiers: Shape {
    let names = Shape<[String]>.distinct(.reference(to: .notifier))
    return Shape(
      names.declaration, encode: { names.encode($0.map(\.rawValue)) },
      decode: { names.decode($0)?.map { NotifierID($0) } })
  }
}

extension Shape where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the words that an enumeration knows.
  package static func choice(of type: Value.Type = Value.self) -> Shape {
    Shape(
      .choice(of: type.allCases.map(\.rawValue)), encode: { .text($0.rawValue) }, decode: { $0.choice(of: type) })
  }
}

extension Shape where Value == TimeSpan {
  /// A length of time within bounds.
  package static func timeSpan(from least: TimeSpan = .seconds(1), to most: TimeSpan = .days(3_653)) -> Shape {
    let isOpen = least == .seconds(1) && most == .days(3_653)
    return Shape(
      isOpen ? "length of time" : "`\(least)` to `\(most)`", plural: "lengths of time",
      pattern: "^(?:[1-9][0-9]{0,8}s|[1-9][0-9]{0,6}m|[1-9][0-9]{0,4}h|[1-9][0-9]{0,3}d|[1-9][0-9]{0,2}w)$",
      accepts: [.text("\(least)"), .text("\(most)")],
      refuses: ["6 h", "06h", "0h", "1y", "h"],
      beyond: isOpen
        ? [.text("\(most.seconds / 86_400 + 1)d")]
        : [.text("\(most.seconds + 1)s")] + (least > .seconds(1) ? [.text("\(least.seconds - 1)s")] : []),
      encode: { .text("\($0)") }, decode: { isOpen ? $0.timeSpan() : $0.timeSpan(in: least...most) }
    )
    .named(
      "timeSpan",
      "A length of time: a whole number and s, m, h, d or w, such as 30s, 15m, 6h, 2d or 2w; at most ten years.")
  }
}

extension Shape where Value == NamedTimeZone {
  /// A zone of the IANA database, or `UTC`.
  package static var timeZone: Shape {
    Shape(
      "time zone", pattern: "^(?:UTC|[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)+)$",
      accepts: ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"], refuses: ["CEST", "+01:00"],
      beyond: ["Europe/Atlantis"], encode: { .text($0.name) }, decode: { $0.timeZone() })
  }
}
