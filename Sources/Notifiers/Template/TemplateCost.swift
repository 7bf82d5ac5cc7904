/// What rendering a template takes at most, counted before it is rendered: a list within a list multiplies.
struct TemplateCost {
  /// How many tags are rendered.
  private(set) var steps = 0
  /// How much text comes of it, in bytes.
  private(set) var bytes = 0

  private static let mostSteps = 100_000
  private static let mostBytes = 16 << 20
  /// What one value may come to, in bytes: a name in HTML.
  private static let longestValue = 1_024
  /// The names of lists, and how many elements these may have.
  private static let lists = [("events", TemplateValues.mostEvents), ("details", 20)]

  init(_ source: String) {
    var repetitions = [1]
    var rest = Substring(source)
    while let tag = rest.firstRange(of: "{{") {
      let times = repetitions[repetitions.count - 1]
      add(rest[..<tag.lowerBound].utf8.count, times)
      rest = rest[tag.upperBound...].drop { $0 == "{" || $0.isWhitespace }
      let name = rest.prefix { $0 != "}" }
      switch name.first {
      case "#", "^":
        repetitions.append(Self.product(times, Self.length(name)))
        add(0, times)
      case "/" where repetitions.count > 1: repetitions.removeLast()
      default: add(Self.longestValue, times)
      }
      rest = rest[name.endIndex...].drop { $0 == "}" }
    }
    add(rest.utf8.count, repetitions[0])
  }

  /// Whether it is more than messages are worth.
  var isExcessive: Bool { steps > Self.mostSteps || bytes > Self.mostBytes }

  private mutating func add(_ size: Int, _ times: Int) {
    steps = min(steps + times, .max / 2)
    bytes = min(bytes + Self.product(size, times), .max / 2)
  }

  /// How often a section is rendered. A name may be transformed: `reversed(events)`.
  private static func length(_ name: Substring) -> Int {
    lists.reduce(1) { length, list in name.contains(list.0) ? product(length, list.1) : length }
  }

  private static func product(_ first: Int, _ second: Int) -> Int {
    let (product, overflow) = first.multipliedReportingOverflow(by: second)
    return overflow ? .max / 2 : min(product, .max / 2)
  }
}
