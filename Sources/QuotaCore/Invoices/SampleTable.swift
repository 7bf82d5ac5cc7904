/// The first rows of a table, with its header found.
struct SampleTable {
  let names: [String]
  /// The line or row of the header, from 1.
  let headerNumber: Int
  private let rows: [TableRow]

  /// The header is the first row that has as many texts as most rows have fields, and no number.
  init(_ rows: [TableRow]) throws(MappingProposal.Problem) {
    let width =
      Dictionary(grouping: rows.map(\.cells.count), by: \.self).max { $0.value.count < $1.value.count }?.key ?? 0
    let header = rows.firstIndex { row in
      let texts = row.cells.compactMap { cell -> String? in if case .text(let text) = cell { text } else { nil } }
      return texts.count > 1 && texts.count * 2 > width
        && !texts.contains { $0.contains(where: \.isNumber) && Self.isNumber($0) }
    }
    guard let header else { throw MappingProposal.Problem(message: "no row looks like a header") }
    names = rows[header].cells.map { $0?.text ?? "" }
    headerNumber = rows[header].number
    self.rows = Array(rows[(header + 1)...]).filter { $0.cells.count == width }
  }

  /// Whether a text seems to be a number, with a currency beside it or without.
  static func isNumber(_ text: String) -> Bool {
    let words = text.split { $0.isNumber || ".,-\u{2212}+ '’()%\u{A0}\u{202F}\u{2009}".contains($0) }
    return words.isEmpty || text.contains(where: \.isNumber) && words.allSatisfy { Currency.isAnyWritten(String($0)) }
  }

  /// Rows that seem to be totals: the column in which they say so, and their words there.
  var totals: (column: Int, words: [String])? {
    let found = rows.compactMap { row -> (column: Int, word: String)? in
      guard let column = row.cells.firstIndex(where: { $0 != nil }), let text = row.cells[column]?.text,
        ColumnWords.isTotal(text)
      else { return nil }
      return (column, text)
    }
    guard let column = found.first?.column else { return nil }
    return (column, Set(found.filter { $0.column == column }.map(\.word)).sorted())
  }

  /// The names of the columns whose texts are all of a kind, as `"A" and "B"`; nil for none.
  func names(whereAll isOfKind: (String) -> Bool, except known: some Collection<Int>) -> String? {
    let found = names.indices.filter { column in
      let texts = texts(column)
      return !known.contains(column) && !names[column].isEmpty && !texts.isEmpty && texts.allSatisfy(isOfKind)
    }
    return found.isEmpty ? nil : found.map { "\"\(names[$0])\"" }.joined(separator: " and ")
  }

  /// The texts in a column, without those that need no setting to be read.
  func texts(_ column: Int) -> [String] {
    rows.compactMap { row in
      guard column < row.cells.count, case .text(let text) = row.cells[column] else { return nil }
      return text
    }
  }
}

/// What columns and words are called in exports: English, German, Spanish and French, without accents.
enum ColumnWords {
  /// The fields that a column of this name may hold.
  static func fields(_ name: String) -> [InvoiceField] {
    let name = folded(name)
    return InvoiceField.allCases.filter { (names[$0] ?? []).contains(name) || $0.rawValue == name }
  }

  static func isTax(_ name: String) -> Bool {
    [
      "tax", "vat", "ust", "mwst", "umsatzsteuer", "mehrwertsteuer", "iva", "tva", "tax_amount", "vat_amount", "gst",
      "taxamount", "item_tax_amount", "steuer", "steuerbetrag", "mwst_betrag", "ust_betrag", "montant_tva",
      "importe_iva",
    ].contains(folded(name))
  }

  /// Whether a text begins as the name of a row of totals does.
  static func isTotal(_ text: String) -> Bool {
    ["summe", "gesamt", "zwischensumme", "total", "subtotal", "grand total", "somme"].contains {
      text.withoutAccents.hasPrefix($0)
    }
  }

  static func metric(_ word: String) -> Metric? {
    let word = word.withoutAccents
    if ["page", "seite", "pagina"].contains(where: word.contains) { return .pages }
    return ["conver", "vorgang", "vorgaeng"].contains(where: word.contains) ? .conversions : nil
  }

  static func category(_ word: String) -> ChargeCategory? {
    let word = word.withoutAccents
    let words: [(ChargeCategory, [String])] = [
      (.credit, ["gutschrift", "credit", "abono", "avoir", "refund", "rabatt", "discount", "descuento"]),
      (.tax, ["steuer", "tax", "vat", "impuesto"]),
      (
        .purchase, ["grundpreis", "grundgebuhr", "grundgebuehr", "base", "fee", "subscription", "abo", "cuota", "flat"]
      ),
      (.usage, ["usage", "verbrauch", "nutzung", "consumo", "metered", "overage"]),
      (.adjustment, ["adjust", "korrektur", "ajuste"]),
    ]
    let found = words.filter { $0.1.contains(where: word.contains) }
    return found.count == 1 ? found[0].0 : nil
  }

  private static func folded(_ name: String) -> String {
    name.withoutAccents.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
      .split(separator: "_").joined(separator: "_")
  }

  private static let names: [InvoiceField: Set<String>] = [
    .invoiceID: [
      "invoice", "invoice_number", "invoice_no", "rechnung", "rechnungsnummer", "rechnungs_nr", "belegnummer",
      "rechnungsnr", "rechnung_nr", "re_nr", "beleg", "belegnr", "beleg_nr", "invoicenumber", "num", "factura",
      "numero_de_factura", "facture", "numero_de_facture", "numero_facture", "n_facture", "no_facture", "number",
      "document_number",
    ],
    .lineID: [
      "line", "line_no", "line_number", "line_item_id", "pos", "position", "zeile", "linea", "ligne", "item_id",
    ],
    .organization: [
      "organization_id", "organisation", "customer", "customer_id", "customer_number", "kunde", "kundennummer",
      "kunden_nr", "kundennr", "kundenname", "customer_name", "contactname", "debitor",
      "cliente", "client", "client_id", "cliente_id", "kunden_id", "account", "account_id", "tenant",
    ],
    .month: [
      "period", "billing_month", "billing_period", "monat", "abrechnungsmonat", "mes", "mois", "leistungsmonat",
      "periodo", "periode",
    ],
    .periodStart: [
      "from", "start", "start_date", "date_from", "von", "beginn", "leistungsbeginn", "leistung_von", "zeitraum_von",
      "desde", "inicio", "du", "period_from",
    ],
    .periodEnd: [
      "to", "end", "end_date", "date_to", "bis", "ende", "leistungsende", "leistung_bis", "zeitraum_bis", "hasta",
      "fin",
      "au", "period_to",
    ],
    .category: ["charge_category", "type", "line_type", "art", "typ", "tipo", "kategorie"],
    .metric: [
      "meter", "product", "produkt", "artikel", "leistung", "item", "service", "servicio", "producto", "description",
      "beschreibung", "bezeichnung", "descripcion", "concepto", "designation", "libelle",
    ],
    .quantity: ["qty", "units", "menge", "anzahl", "cantidad", "unidades", "quantite"],
    .unitPrice: [
      "price", "unit_amount", "unitamount", "item_price", "rate", "einzelpreis", "ep", "preis", "stuckpreis",
      "stueckpreis", "precio",
      "precio_unitario",
      "prix_unitaire",
    ],
    .amount: [
      "net", "net_amount", "line_total", "line_amount", "lineamount", "item_total", "netto", "nettobetrag",
      "gesamt_netto", "netto_gesamt", "betrag_netto", "betrag", "importe", "monto", "montant", "montant_ht",
      "subtotal",
    ],
    .currency: ["currency_code", "wahrung", "waehrung", "moneda", "divisa", "devise", "ccy"],
    .description: ["text", "memo", "bemerkung", "buchungstext", "description", "beschreibung", "bezeichnung"],
    .issueStatus: ["status", "stand", "estado", "statut", "invoice_status"],
    .invoiceTotal: ["total_gross", "invoice_amount", "gesamtbetrag", "rechnungsbetrag", "total_factura"],
  ]
}
