extension InvoiceMapping.Part {
  static let shape = Shape.object(
    Fields(
      Field(
        "column", .oneOrMore(.columnName), .required, "The column with the amount, or the first that the file has."),
      Field("category", .choice(of: ChargeCategory.self), .required, "What the amount is."),
      Field(
        "negative", .boolean, .usually(false), "Whether the file writes without a sign what lowers the bill."),
      Field(
        "included", .boolean, .usually(false), "Whether the row's own amount includes it, as a price with its tax."),
      Field("id", .identifier, .optional("the category"), "What stands behind the row's id in that of the part.")
    ) { InvoiceMapping.Part(columns: $0, category: $1, negative: $2, isIncluded: $3, id: $4) }
  )
  .called("part").named("part", "An amount in a column of its own.")
}

extension InvoiceMapping.Rows {
  static let fields = Fields(
    Field("column", .columnName, .required, "The column to look at."),
    Field(
      "values", .list(of: .anyText, count: 1...(.max)), .required,
      "What stands there; `*` stands for any text, and an empty text for an empty cell.")
  ) { InvoiceMapping.Rows(column: $0, values: $1) }

  static let shape = Shape.object(fields).called("rows", plural: "rows").named("rows", "Some rows.")
}

extension InvoiceMapping.Skip {
  static let shape = Shape.object(
    Fields(
      InvoiceMapping.Rows.fields,
      Field(
        "total", .boolean, .usually(false),
        "Whether they are the totals of an invoice, which its lines are compared with, column by column.")
    ) { InvoiceMapping.Skip(rows: $0, isTotal: $1) }
  )
  .called("skip").named("skip", "Rows that are no lines.")
}

extension Shape {
  /// Words and what they stand for.
  static func words<Meaning>(_ meaning: Shape<Meaning>) -> Shape where Value == WordMap<Meaning> {
    Shape<[Named<Meaning>]>.byName(meaning, names: .text, problem: { _, _ in nil })
      .map { WordMap($0.map { ($0.name, $0.value) }) }
  }
}

extension Shape<InvoiceMapping.Source> {
  /// The name of a column, a list of names, or `{"value": "…"}`.
  static var source: Shape {
    let value = Shape<String>.object(Field("value", .text, .required, "The same for every line."))
    return .either(
      value.map(InvoiceMapping.Source.value),
      or: Shape<[String]>.oneOrMore(.columnName).map(InvoiceMapping.Source.columns), isFirst: { $0.isObject }
    )
    .named("source", "The name of a column, a list of names, or a value for every line.")
  }
}

extension Shape<InvoiceMapping.Source> {
  /// The same, or two columns of which one is charged and the other given back.
  static var amountSource: Shape {
    let columns = Shape.object(
      Fields(
        Field("debit", .columnName, .required, "The column of what is charged."),
        Field("credit", .columnName, .required, "The column of what lowers the bill, without a sign.")
      ) { InvoiceMapping.Source.debitCredit(debit: $0, credit: $1) }
    )
    .named("debitCredit", "Two columns of which one has the amount.")
    return .either(columns, or: .source) { $0["debit"] != nil || $0["credit"] != nil }
  }
}

extension Shape<[Metric: ExactDecimal]> {
  static var factors: Shape {
    .object(
      Metric.allCases.sorted().reduce(Fields.none([:])) { fields, metric in
        let text = "How many \(metric.rawValue) one of the quantity stands for."
        return Fields(fields, Field(metric.rawValue, .count(from: 1, to: 1_000_000_000), .optional("1"), text)) {
          factors, factor in
          var factors = factors
          factors[metric] = factor.map { ExactDecimal($0) }
          return factors
        }
      }
    )
    .named("quantityFactors", "How many one of a quantity stands for.")
  }
}

extension Shape<OrganizationID> {
  static var organization: Shape { Shape<String>.identifier.map { OrganizationID($0) } }
}

extension Shape<String> {
  /// A text that may be empty.
  static var anyText: Shape {
    Shape("text", [.init("type", "string")], accepts: ["x", ""], refuses: [5, .null], encode: { .text($0) }) { node in
      node.json.string ?? node.string()
    }
  }
}

extension Shape<Character> {
  static var groupSeparator: Shape { separator(NumberGrammar.separators) }

  static func separator(_ allowed: Character...) -> Shape { separator(allowed) }

  private static func separator(_ allowed: [Character]) -> Shape {
    let words = allowed.map { JSONLiteral.text(String($0)) }
    return Shape(
      allowed.map { "`\($0)`" }.joined(separator: ", "), [.init("enum", .list(words))], accepts: words,
      refuses: [";", "", 5], encode: { .text(String($0)) }
    ) { node in
      guard let text = node.string() else { return nil }
      guard text.count == 1, let character = text.first, allowed.contains(character) else {
        node.report("expected one of \(allowed.map { "\"\($0)\"" }.joined(separator: ", ")), found \"\(text)\"")
        return nil
      }
      return character
    }
  }
}
