import Notifiers
import QuotaCore
import QuotaService

/// The tables of the documentation by name: an object's settings under the name that the schema has for it, and indexes.
enum Tables {
  /// Nil for a name that means nothing.
  static func named(_ name: String) -> String? { all[name] }

  static var names: [String] { all.keys.sorted() }

  private static let all: [String: String] = {
    var tables: [String: String] = [:]
    for object in objects(in: Configuration.shape.declaration) + objects(in: InvoiceMapping.shape.declaration) {
      if let name = object.name { tables[name] = settings(object.fields) }
    }
    tables["configuration"] = settings(Configuration.shape.declaration.fields)
    tables["invoiceMapping"] = settings(InvoiceMapping.shape.declaration.fields)
    tables["rule"] = settings(Rule.common(for: nil).declared, tag: Rule.shape.declaration)
    tables["notifier"] = settings(
      DeliveryPolicy.fields(refusingGroups: nil).declared, tag: NotifierConfiguration.shape.declaration)
    for kind in Rule.shape.declaration.variants {
      tables[kind.name ?? ""] = settings(kind.fields, besides: Rule.common(for: nil).declared)
    }
    for kind in NotifierConfiguration.shape.declaration.variants {
      tables[kind.name ?? ""] = settings(kind.fields, besides: DeliveryPolicy.fields(refusingGroups: nil).declared)
    }
    tables["rules"] = index(Rule.shape.declaration.variants, in: "rules")
    tables["topics"] = rows(
      ["Type", "Tells"], Event.Topic.all.map { ["`\($0)`", $0.kind.summary] })
    tables["channels"] = index(
      NotifierConfiguration.shape.declaration.variants, in: "notifiers", more: ["Groups", "Hears of acknowledgements"]
    ) { word in
      guard let type = ChannelType(rawValue: word) else { return [] }
      return [type.groups, type.sendsAcknowledgements].map { $0 ? "yes" : "no" }
    }
    tables["organizationColumns"] = rows(
      ["Column", "Says"], OrganizationColumn.allCases.map { ["`\($0.rawValue)`", $0.text] })
    tables["charge"] = rows(
      ["`model`", "Meaning", "Keys"],
      Charge.shape.declaration.variants.map { charge in
        let keys = charge.fields.filter { $0.name != "model" && $0.name != "name" }
        let names = keys.map { "`\($0.name)`" + ($0.standard.map { " (default \(shown($0)))" } ?? "") }
        return [charge.fields.first?.shape.words ?? "", charge.summary, names.joined(separator: ", ")]
      })
    return tables
  }()

  /// Every object with a name, each once.
  private static func objects(in shape: ShapeDeclaration) -> [ShapeDeclaration] {
    let inner: [ShapeDeclaration] =
      switch shape.form {
      case .value: []
      case .list(let item, _, _, _): objects(in: item)
      case .map(_, let values): objects(in: values)
      case .either(let shapes): shapes.flatMap(objects)
      case .object(let fields, _): fields.flatMap { objects(in: $0.shape) }
      }
    return (shape.fields.isEmpty ? [] : [shape]) + inner
  }

  /// A table of settings, without those that are the same everywhere.
  ///
  /// - Parameter kinds: what a first word decides about, where the settings are of all of its kinds.
  private static func settings(
    _ fields: [FieldDeclaration], besides common: [FieldDeclaration] = [], tag kinds: ShapeDeclaration? = nil
  ) -> String {
    let tag = kinds?.variants.first?.fields.first.map { ["`\($0.name)`", "one of the above", "required", $0.text] }
    let own = fields.filter { field in
      !field.shape.isTag && !common.contains { $0.name == field.name && $0.absence == field.absence }
    }
    guard !own.isEmpty else { return "It has no settings of its own." }
    return rows(
      ["Key", "Type", "Default", "Meaning"],
      (tag.map { [$0] } ?? []) + own.map { ["`\($0.name)`", $0.shape.words, absence(of: $0), $0.text] })
  }

  private static func absence(of field: FieldDeclaration) -> String {
    if field.isRequired { return "required" }
    return field.absence ?? field.standard.map(shown) ?? "–"
  }

  private static func shown(_ value: JSONLiteral) -> String {
    switch value {
    case .text(let text): "`\(text)`"
    case .number, .boolean: value.line
    default: "`\(value.line)`"
    }
  }

  /// - Parameter more: further columns, and what stands in them for a kind.
  private static func index(
    _ kinds: [ShapeDeclaration], in folder: String, more: [String] = [], cells: (String) -> [String] = { _ in [] }
  ) -> String {
    rows(
      ["Type", "Tells"] + more,
      kinds.map { kind in
        let name = kind.name ?? ""
        return ["[`\(name)`](\(folder)/\(name).md)", kind.summary] + cells(name)
      })
  }

  private static func rows(_ head: [String], _ rows: [[String]]) -> String {
    let lines = [head, head.map { _ in "---" }] + rows
    return lines.map { "| \($0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |" }
      .joined(separator: "\n")
  }
}

extension ShapeDeclaration {
  /// What it may be, if that is told by a word.
  fileprivate var variants: [ShapeDeclaration] {
    if case .either(let shapes) = form { shapes } else { [] }
  }

  /// Whether it is the word that tells what the rest of an object is.
  fileprivate var isTag: Bool {
    if case .value(let keywords) = form { keywords.first?.name == "const" } else { false }
  }
}
