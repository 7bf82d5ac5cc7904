extension Shape<DateGrammar> {
  package static var dateGrammar: Shape {
    Shape(
      "form of a date", [.init("type", "string"), .init("minLength", 1)],
      accepts: ["unix", "unix_ms", "iso8601", "dd.MM.yyyy", "M/d/yyyy", "MMM yyyy"], refuses: ["", 5, .null],
      beyond: ["DD.MM.YYYY"]
    ) { node in
      guard let pattern = node.string() else { return nil }
      guard let grammar = DateGrammar(pattern: pattern) else {
        node.report(
          "\"\(pattern)\" is no form of a date: use \"iso8601\", \"unix\", \"unix_ms\", or a pattern such as \"dd.MM.yyyy\", \"M/d/yyyy h:mm a\", \"d MMM yyyy\" or \"yyyyMM\""
        )
        return nil
      }
      return grammar
    }
  }
}
