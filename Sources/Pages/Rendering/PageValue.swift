import Mustache
import QuotaCore

/// HTML that was made here, of parts that are escaped.
struct Markup: Sendable {
  let html: String

  init(_ html: String) { self.html = html }

  static func + (first: Markup, second: Markup) -> Markup { Markup(first.html + second.html) }
}

/// What a template can show. Text is escaped before a template sees it, so that no way of writing a tag brings it in as
/// it is; the library's own escaping leaves a quotation mark with an accent on it alone, which would end an attribute.
enum PageValue: Sendable {
  case text(String)
  case markup(Markup)
  case flag(Bool)
  case list([PageFields])
  case fields(PageFields)
  /// Nothing to be shown: a section about it is left out.
  case none

  static func text(ifAny text: String?) -> PageValue { text.map { .text($0) } ?? .none }
  static func markup(ifAny markup: Markup?) -> PageValue { markup.map { .markup($0) } ?? .none }
  /// A list, or nothing where it is empty, so that a section of the same name can have the heading.
  static func rows(_ rows: [PageFields]) -> PageValue { rows.isEmpty ? .none : .fields(["rows": .list(rows)]) }

  /// As the library takes it.
  var object: Any {
    switch self {
    case .text(let text): text.escapedForHTML
    case .markup(let markup): markup.html
    case .flag(let flag): flag
    case .list(let rows): rows.map { $0.mapValues(\.object) }
    case .fields(let fields): fields.mapValues(\.object)
    case .none: Nothing()
    }
  }

  /// Stands for what is not there, so that it is not looked for further out.
  private struct Nothing: MustacheCustomRenderable {
    var renderText: String { "" }
    var isNull: Bool { true }
  }
}

/// The values of a template by their names.
typealias PageFields = [String: PageValue]
