extension InvoiceMapping {
  /// Decodes a mapping file; what cannot be read is reported.
  package init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> InvoiceMapping? in
      _ = object.optional("$schema")?.string()
      let ready = object.optional("extends")?.choice(of: Ready.self)
      var mapping = ready?.mapping ?? .empty
      mapping.decodeForm(&object)
      mapping.decodeFields(&object)
      mapping.decodeWords(&object)
      if let parts = object.optional("parts")?.array() { mapping.parts += parts.compactMap(Part.init(from:)) }
      if let skips = object.optional("skip")?.array() { mapping.skips += skips.compactMap(Skip.init(from:)) }
      return mapping
    }
    guard let decoded else { return nil }
    self = decoded
  }

  /// How the text is written.
  private mutating func decodeForm(_ object: inout ConfigurationObject) {
    format = object.optional("format")?.choice(of: Format.self) ?? format
    delimiter = object.optional("delimiter")?.delimiter() ?? delimiter
    let decimal = object.optional("decimal")
    let thousands = object.optional("thousands")
    numbers.decimalSeparator = decimal?.separator(of: [".", ","]) ?? numbers.decimalSeparator
    numbers.thousandsSeparator =
      thousands?.separator(of: [".", ",", " ", "'", "’", "\u{A0}", "\u{202F}"]) ?? numbers.thousandsSeparator
    if numbers.thousandsSeparator == numbers.decimalSeparator {
      (thousands ?? decimal)?.report("the decimal and the thousands separator must not be the same")
    }
    amounts = object.optional("amounts")?.choice(of: Unit.self) ?? amounts
    unitPrices = object.optional("unit_prices")?.choice(of: Unit.self) ?? unitPrices
    periodEnd = object.optional("period_end")?.choice(of: PeriodEnd.self) ?? periodEnd
    if let list = object.optional("dates")?.texts() {
      dates = list.compactMap { node in
        guard let pattern = node.string() else { return nil }
        guard let grammar = DateGrammar(pattern: pattern) else {
          node.report(
            "\"\(pattern)\" is no form of a date: use \"unix\", \"iso8601\", or yyyy, MM, dd, HH, mm and ss, such as "
              + "\"dd.MM.yyyy\"")
          return nil
        }
        return grammar
      }
    }
    invoicesPath = object.optional("invoices")?.string() ?? invoicesPath
    linesPath = object.optional("lines")?.string() ?? linesPath
  }

  /// Which column holds what.
  private mutating func decodeFields(_ object: inout ConfigurationObject) {
    let columns = object.optional("columns")
    let named: [InvoiceField: Source] =
      columns?.object { object in
        InvoiceField.allCases.reduce(into: [InvoiceField: Source]()) { fields, field in
          fields[field] = object.optional(field.rawValue).flatMap(Source.init(from:))
        }
      } ?? [:]
    fields.merge(named) { $1 }
    optionalFields.subtract(named.keys)
    let missing = [InvoiceField.invoiceID, .organization, .amount, .currency].filter { fields[$0] == nil }
    for field in missing { (columns ?? object.node).report("\"\(field.rawValue)\" has no column and no value") }
    if named[.month] != nil {
      fields[.periodStart] = named[.periodStart]
      fields[.periodEnd] = named[.periodEnd]
    } else if named[.periodStart] != nil {
      fields[.month] = nil
    }
    if fields[.month] == nil, fields[.periodStart] == nil {
      (columns ?? object.node).report("neither \"month\" nor \"period_start\" has a column or a value")
    }
  }

  /// What the words in the columns stand for.
  private mutating func decodeWords(_ object: inout ConfigurationObject) {
    organizations = organizations.merging(
      object.optional("organizations").map { $0.words { $0.identifier().map { OrganizationID($0) } } } ?? WordMap())
    metrics = metrics.merging(
      object.optional("metrics").map { $0.words { $0.choice(of: Metric.self) } } ?? WordMap())
    categories = categories.merging(
      object.optional("categories").map { $0.words { $0.choice(of: ChargeCategory.self) } } ?? WordMap())
    issueStatuses = issueStatuses.merging(
      object.optional("issue_statuses").map { $0.words { $0.choice(of: InvoiceIssueStatus.self) } } ?? WordMap())
  }
}

extension InvoiceMapping.Source {
  /// The name of a column, a list of names, or `{"value": "…"}`.
  fileprivate init?(from node: ConfigurationNode) {
    if case .object = node.json.value {
      guard let value = node.object({ $0.required("value")?.string() }) else { return nil }
      self = .value(value)
      return
    }
    let names = node.texts()?.compactMap { $0.string() } ?? []
    guard !names.isEmpty else { return nil }
    self = .columns(names)
  }
}

extension InvoiceMapping.Part {
  fileprivate init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> InvoiceMapping.Part? in
      let column = object.required("column")?.string()
      let category = object.required("category")?.choice(of: ChargeCategory.self)
      let negative = object.optional("negative")?.boolean() ?? false
      guard let column, let category else { return nil }
      return InvoiceMapping.Part(column: column, category: category, negative: negative)
    }
    guard let decoded else { return nil }
    self = decoded
  }
}

extension InvoiceMapping.Skip {
  fileprivate init?(from node: ConfigurationNode) {
    let decoded = node.object { object -> InvoiceMapping.Skip? in
      let column = object.required("column")?.string()
      let values = object.required("values")?.array(atLeast: 1)?.compactMap { $0.string() }
      guard let column, let values else { return nil }
      return InvoiceMapping.Skip(column: column, values: Set(values))
    }
    guard let decoded else { return nil }
    self = decoded
  }
}

extension ConfigurationNode {
  /// One text, or a list of them.
  fileprivate func texts() -> [ConfigurationNode]? {
    if case .array = json.value { return array(atLeast: 1) }
    return [self]
  }

  /// One ASCII character, or `tab`.
  fileprivate func delimiter() -> UInt8? {
    guard let text = string() else { return nil }
    if text == "tab" { return UInt8(ascii: "\t") }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte >= 0x20 || byte == 0x09, byte < 0x7F,
      byte != UInt8(ascii: "\""), !byte.isAlphanumeric
    else {
      report("expected one character that separates fields, such as \";\", or \"tab\", found \"\(text)\"")
      return nil
    }
    return byte
  }

  fileprivate func separator(of allowed: [Character]) -> Character? {
    guard let text = string() else { return nil }
    guard text.count == 1, let character = text.first, allowed.contains(character) else {
      report("expected one of \(allowed.map { "\"\($0)\"" }.joined(separator: ", ")), found \"\(text)\"")
      return nil
    }
    return character
  }

  /// Words and what they stand for.
  fileprivate func words<Value>(_ value: (ConfigurationNode) -> Value?) -> WordMap<Value> {
    WordMap((members() ?? []).compactMap { name, node in value(node).map { (name, $0) } })
  }
}
