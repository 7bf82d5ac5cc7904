import Mustache
import QuotaCore

/// A Mustache text, ready to be rendered.
///
/// Values are escaped before they get into the text, so that no way of writing a tag brings one in unescaped. Partials,
/// inheritance and other delimiters are not offered.
struct CompiledTemplate: Sendable {
  private let template: MustacheTemplate

  /// Sections within sections; what is deeper could exhaust the stack.
  private static let deepest = 16

  init(_ source: String) throws(TemplateDefect) {
    guard source.utf8.count <= MessageTemplate.longest else {
      throw TemplateDefect("it is longer than \(MessageTemplate.longest.grouped) bytes")
    }
    for (tag, words) in [
      ("{{>", "partials ({{>…}})"), ("{{<", "inheritance ({{<…}})"), ("{{$", "blocks ({{$…}})"),
      ("{{=", "other delimiters ({{=…}})"),
    ] where source.contains(tag) {
      throw TemplateDefect("\(words) are not offered")
    }
    guard Self.depth(of: source) <= Self.deepest else {
      throw TemplateDefect("its sections are nested more than \(Self.deepest) deep")
    }
    guard !TemplateCost(source).isExcessive else {
      throw TemplateDefect("its lists stand in each other so often that a message could come to many megabytes")
    }
    do {
      // Values are escaped already; the library would do it again for HTML.
      template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\n" + source)
    } catch let error as MustacheTemplate.ParserError {
      throw TemplateDefect(Self.words(error))
    } catch {
      throw TemplateDefect("it cannot be read")
    }
  }

  /// A text, and the names in it that mean nothing.
  struct Rendering {
    let text: String
    let unknown: [String]
  }

  /// - Parameter texts: whose zone its words are in, and where it leads.
  func render(_ message: Message, _ format: TextFormat, _ texts: Texts = Texts()) -> Rendering {
    let lookups = TemplateLookups()
    let text = template.render(TemplateValues(message, format, texts).object(lookups))
    return Rendering(text: text, unknown: lookups.unknown)
  }

  /// How deep sections are nested at most.
  private static func depth(of source: String) -> Int {
    var depth = 0
    var deepest = 0
    var rest = Substring(source)
    while let tag = rest.firstRange(of: "{{") {
      rest = rest[tag.upperBound...]
      switch rest.first {
      case "#", "^": depth += 1
      case "/": depth -= 1
      default: break
      }
      deepest = max(deepest, depth)
    }
    return deepest
  }

  private static func words(_ error: MustacheTemplate.ParserError) -> String {
    let what =
      switch error.error as? MustacheTemplate.Error {
      case .sectionCloseNameIncorrect: "a section ends that has not begun, or under another name"
      // The parser's own error where the text ends inside of a tag.
      case .unfinishedName, nil: "a tag is not finished"
      case .expectedSectionEnd: "a section has no end"
      default: "a tag cannot be read"
      }
    // The first line is the one that was put before the template.
    return "line \(max(error.context.lineNumber - 1, 1)): \(what)"
  }
}
