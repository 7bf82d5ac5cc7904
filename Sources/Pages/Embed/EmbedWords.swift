import QuotaCore

/// The few words of a page for frames, in the languages that there are: `en`, `de`, `es`.
struct EmbedWords: Sendable {
  /// Such as `en`.
  let language: String
  private let words: [Word: String]

  private enum Word: CaseIterable {
    case pages, conversions, of, noQuota, expected, runsOut, usedUp, asOf, doubted, stale, unknown, unavailable
  }

  /// English unless the language is known; `de-CH` is taken for `de`.
  init(_ language: String?) {
    let code = language.map { String($0.lowercased().prefix { $0 != "-" && $0 != "_" }) } ?? "en"
    (self.language, words) = Self.known[code].map { (code, $0) } ?? ("en", Self.english)
  }

  private static let known: [String: [Word: String]] = ["en": english, "de": german, "es": spanish]

  private static let english: [Word: String] = [
    .pages: "Pages", .conversions: "Conversions", .of: "of %", .noQuota: "no quota",
    .expected: "% to % by the month’s end",
    .runsOut: "Runs out about %", .usedUp: "Used up", .asOf: "As of", .doubted: "This figure is being checked.",
    .stale: "This figure may be out of date.", .unknown: "Nothing is known yet.",
    .unavailable: "This cannot be shown now. Loading the page anew may help.",
  ]
  private static let german: [Word: String] = [
    .pages: "Seiten", .conversions: "Konvertierungen", .of: "von %", .noQuota: "kein Kontingent",
    .expected: "% bis % bis zum Monatsende", .runsOut: "Verbraucht etwa am %", .usedUp: "Verbraucht", .asOf: "Stand",
    .doubted: "Diese Zahl wird geprüft.", .stale: "Diese Zahl ist vielleicht veraltet.",
    .unknown: "Noch ist nichts bekannt.",
    .unavailable: "Das kann gerade nicht angezeigt werden. Vielleicht hilft es, die Seite neu zu laden.",
  ]
  private static let spanish: [Word: String] = [
    .pages: "Páginas", .conversions: "Conversiones", .of: "de %", .noQuota: "sin cuota",
    .expected: "De % a % a fin de mes", .runsOut: "Se agota hacia el %", .usedUp: "Agotado", .asOf: "Al",
    .doubted: "Esta cifra se está comprobando.", .stale: "Esta cifra puede estar desactualizada.",
    .unknown: "Todavía no se sabe nada.",
    .unavailable: "Esto no se puede mostrar ahora. Volver a cargar la página puede ayudar.",
  ]

  func metric(_ metric: Metric) -> String {
    switch metric {
    case .pages: text(.pages)
    case .conversions: text(.conversions)
    }
  }

  func of(_ quota: String) -> String { text(.of, quota) }
  func expected(_ low: String, _ high: String) -> String { text(.expected, low, high) }
  func runsOut(_ day: String) -> String { text(.runsOut, day) }
  var noQuota: String { text(.noQuota) }
  var usedUp: String { text(.usedUp) }
  var asOf: String { text(.asOf) }
  var doubted: String { text(.doubted) }
  var stale: String { text(.stale) }
  var unknown: String { text(.unknown) }
  var unavailable: String { text(.unavailable) }

  /// In groups of three, as the language separates them.
  func number(_ number: Int64) -> String {
    language == "en" ? number.grouped : number.grouped.replacing(",", with: ".")
  }

  /// A word with its places filled, in their order.
  private func text(_ word: Word, _ values: String...) -> String {
    var parts = (words[word] ?? "").split(separator: "%", omittingEmptySubsequences: false).map(String.init)
    for (index, value) in values.enumerated().reversed() where index + 1 < parts.count {
      parts.insert(value, at: index + 1)
    }
    return parts.joined()
  }
}
