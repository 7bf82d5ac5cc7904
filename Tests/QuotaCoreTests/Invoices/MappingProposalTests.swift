import QuotaCore
import TestSupport
import Testing

@Suite("Proposing a mapping")
struct MappingProposalTests {
  private func propose(_ text: String) throws -> MappingProposal {
    try MappingProposal(Array(text.utf8), organizations: [OrganizationID("acme")]) { _, _ in nil }
  }

  private let german = """
    Rechnungsausgang Oktober

    Rechnungsnummer;Pos;Kunde;Von;Bis;Art;Leistung;Menge;Netto;USt;Währung
    R-7;1;acme;01.10.2026;31.10.2026;Verbrauch;Seiten;12.345;123,45;23,46;EUR
    R-7;2;K-9;15.10.2026;31.10.2026;Grundpreis;;;1.099,00;208,81;EUR

    """

  @Test("finds delimiter, header, numbers, dates and columns, each with its reason")
  func proposed() throws {
    let proposal = try propose(german)
    let text = proposal.mapping.line
    for part in [
      #""delimiter": ";""#, #""skip_before": 2"#, #""decimal": ",""#, #""thousands": ".""#, #""dates": ["dd.MM.yyyy"]"#,
      #""invoice_id": "Rechnungsnummer""#, #""line_id": "Pos""#, #""organization": "Kunde""#, #""period_start": "Von""#,
      #""amount": "Netto""#, #""currency": "Währung""#, #""parts": [{"column": "USt", "category": "tax"}]"#,
      #""metrics": {"Seiten": "pages"}"#, #""categories": {"Grundpreis": "purchase", "Verbrauch": "usage"}"#,
      #""organizations": {"K-9": "?"}"#, #""period_end": "?""#,
    ] {
      #expect(text.contains(part), "\(part) is not in \(text)")
    }
    #expect(proposal.isAmbiguous)
    #expect(proposal.reasons.contains { $0.contains("numbers look like \"1.099,00\"") })
    #expect(proposal.reasons.contains { $0.contains("dates look like \"01.10.2026\"") })
  }

  @Test("makes what an import takes once the marks are replaced, and not before")
  func completed() throws {
    let text = try propose(german).mapping.indented()
    let (_, issues) = try decodeConfiguration(text) { $0.decoded(as: InvoiceMapping.shape) }
    #expect(!issues.isEmpty)
    let mapping = try invoiceMapping(
      text.replacing(#""period_end": "?""#, with: #""period_end": "inclusive""#)
        .replacing(#""K-9": "?""#, with: #""K-9": "globex""#))
    let file = invoiceFile(german, mapping)
    #expect(file.problems == [])
    #expect(file.lines.map(\.content.amount.description) == ["123.45", "23.46", "1099", "208.81"])
    #expect(file.lines.allSatisfy { $0.content.unknownBecause == nil })
  }

  @Test(
    "marks what can be read in two ways",
    arguments: [
      ("amount", "1.000", "\"1.000\" is 1 or 1000"), ("amount", "1,234", "\"1,234\" is 1.234 or 1234"),
      ("start", "10/01/2026", "is \"MM/dd/yyyy\" or \"dd/MM/yyyy\""), ("amount", "12 apples", "no convention reads"),
      ("start", "soon", "no form reads"),
    ])
  func ambiguous(column: String, value: String, reason: String) throws {
    let values = ["invoice": "I", "customer": "acme", "start": "2026-10-01", "amount": "1.50", "currency": "EUR"]
      .merging([column: value]) { $1 }
    let names = values.keys.sorted()
    let proposal = try propose(
      names.joined(separator: "\t") + "\n" + names.compactMap { values[$0] }.joined(separator: "\t") + "\n")
    #expect(proposal.isAmbiguous)
    #expect(proposal.reasons.contains { $0.contains(reason) }, "\(proposal.reasons)")
    #expect(proposal.mapping.line.contains("\"?\""))
  }

  @Test(
    "finds the convention of numbers with a currency beside them and several separators",
    arguments: [
      (["1.234", "12.345,00"], ["12,34", "123,45 €"], #""decimal": ",", "thousands": ".""#),
      (["1", "2"], ["$12.50", "$1,200.50"], #""thousands": ",""#),
      (["1", "2"], ["12.50 €", "(200.50)"], ""),
      (["1 234", "5"], ["1\u{A0}234,50", "EUR 7,00"], "\"decimal\": \",\", \"thousands\": [\" \", \"\u{A0}\"]"),
      (["1", "2"], ["Rs. 12,34,567.89", "0.50"], #""thousands": ",", "grouping": "indian""#),
    ])
  func conventions(quantities: [String], amounts: [String], settings: String) throws {
    let rows = zip(quantities, amounts).map { "I\tacme\t2026-10\t\($0)\t\($1)\tEUR\n" }
    let proposal = try propose("invoice\tcustomer\tperiod\tmenge\tbetrag\tcurrency\n" + rows.joined())
    let whole = settings.isEmpty ? "" : ", " + settings
    #expect(proposal.mapping.line.hasPrefix(#"{"delimiter": "tab"\#(whole), "columns""#), "\(proposal.mapping.line)")
    #expect(!proposal.isAmbiguous)
  }

  @Test("shows a number with groups as the reason for what separates them")
  func groups() throws {
    let proposal = try propose("betrag\tcurrency\n0.0123456789\tEUR\n1,200.50\tEUR\n")
    #expect(proposal.reasons.contains("thousands: \",\", because numbers look like \"1,200.50\""))
  }

  @Test("names the number that no convention reads, and not the first one")
  func culprit() throws {
    let proposal = try propose(
      "invoice;customer;period;menge;betrag;currency\nI;acme;2026-10;1;12,34;EUR\nI;acme;2026-10;2 Stück;5,00;EUR\n")
    #expect(proposal.reasons.contains { $0.hasSuffix("reads all of the numbers, such as \"2 Stück\"") })
  }

  @Test("knows headings with their accents, however they are written, and names the columns that are left over")
  func accents() throws {
    let french = try propose(
      "Numéro de facture;Client;Mois;Désignation;Quantite\u{301};Montant;Devise;Agence\n;;;;;;;\n")
    for part in [
      #""invoice_id": "Numéro de facture""#, #""metric": "Désignation""#, "\"quantity\": \"Quantite\u{301}\"",
    ] {
      #expect(french.mapping.line.contains(part), "\(french.mapping.line)")
    }
    #expect(french.reasons.contains("columns: nothing is taken from \"Agence\""))
    let spanish = try propose("Número de factura;Línea;Cliente;Mes;Descripción;Cantidad;Importe;Moneda\n;;;;;;;\n")
    for part in [#""invoice_id": "Número de factura""#, #""line_id": "Línea""#, #""metric": "Descripción""#] {
      #expect(spanish.mapping.line.contains(part), "\(spanish.mapping.line)")
    }
    #expect(!spanish.reasons.contains { $0.hasPrefix("columns: nothing") })
  }

  @Test("knows invoices of Stripe, and says what it cannot propose for")
  func others() throws {
    let stripe = try propose(#"{ "object": "list", "data": [{ "object": "invoice", "lines": { "data": [] } }] }"#)
    #expect(stripe.mapping.line == #"{"extends": "stripe"}"#)
    for text in ["%PDF-1.7", "<xml/>", #"{ "a": 1 }"#, "only one column\n1\n"] {
      #expect(throws: MappingProposal.Problem.self) { try propose(text) }
    }
  }

  @Test("finds rows of totals, fees that stand beside usage, and columns that have what no name tells")
  func listing() throws {
    let proposal = try propose(
      """
      RE-Nr;Pos;Kunde;Zeitraum von;Bezeichnung;Menge;Wert;USt;Währung
      R-7;1;acme;01.10.2026;Seiten bis 1.000;1.000;10,00;1,90;EUR
      R-7;2;acme;01.10.2026;Grundpreis;1;99,00;18,81;EUR
      R-7;3;acme;01.10.2026;Schulung;1;50,00;9,50;EUR
      Summe;;;;;;159,00;30,21;EUR

      """)
    let text = proposal.mapping.line
    for part in [
      #""skip": [{"column": "RE-Nr", "values": ["Summe"], "total": true}]"#, #""category": "Bezeichnung""#,
      #""categories": {"Grundpreis": "purchase", "Schulung": "?"}"#, #""metrics": {"Seiten bis 1.000": "pages"}"#,
      #""amount": "?""#,
    ] {
      #expect(text.contains(part), "\(part) is not in \(text)")
    }
    #expect(proposal.reasons.contains { $0.hasPrefix("columns.amount: ?") && $0.contains("(numbers: \"Wert\" and") })
    let mapping = try invoiceMapping(
      proposal.mapping.indented().replacing(#""amount": "?""#, with: #""amount": "Wert""#)
        .replacing(#""Schulung": "?""#, with: #""Schulung": "purchase""#))
    let file = invoiceFile(
      """
      RE-Nr;Pos;Kunde;Zeitraum von;Bezeichnung;Menge;Wert;USt;Währung
      R-7;1;acme;01.10.2026;Seiten bis 1.000;1.000;10,00;1,90;EUR
      R-8;1;acme;01.10.2026;Schulung;1;50,00;9,50;EUR
      Summe;;;;;;61,00;11,40;EUR

      """, mapping)
    #expect(file.problems == [])
    // The row of totals names no invoice, although it has a word in that column.
    #expect(file.warnings == ["the file states a total before tax of 61.00 EUR, and its lines come to 60.00 EUR"])
  }
}
