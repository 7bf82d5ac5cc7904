package import QuotaCore

/// What importing a file of invoices would do.
package struct InvoiceRehearsal: Sendable {
  private let name: String
  private let upload: String
  private let outcome: Outcome

  package enum Outcome: Sendable {
    /// - Parameters:
    ///   - words: how many lines of how many invoices it would bring.
    ///   - lines: the first of them.
    case readable(
      words: String, columns: [InvoiceFile.FieldReading], lines: [InvoiceLine], warnings: [String])
    /// Why nothing can be imported.
    case unreadable(String)
  }

  /// How many lines are shown.
  private static let shownLines = 20

  /// - Parameters:
  ///   - name: of the file.
  ///   - upload: what it can be had again by.
  package init(of name: String, upload: String, _ outcome: Outcome) {
    (self.name, self.upload, self.outcome) = (name, upload, outcome)
  }

  var fields: PageFields {
    var fields: PageFields = ["name": .text(ForeignText.line(name, limit: 100)), "upload": .text(upload)]
    switch outcome {
    case .unreadable(let problem): (fields["problem"], fields["words"]) = (.text(problem), PageValue.none)
    case .readable(let words, let columns, let lines, let warnings):
      (fields["problem"], fields["words"]) = (PageValue.none, .text(words))
      fields["warnings"] = .list(warnings.map { ["warning": .text($0)] })
      fields["columns"] = .list(
        columns.map {
          ["field": .text($0.name), "source": .text($0.source), "example": .text($0.example ?? "–")]
        })
      fields["lines"] = .list(lines.prefix(Self.shownLines).map(line))
    }
    return fields
  }

  private func line(_ line: InvoiceLine) -> PageFields {
    let content = line.content
    return [
      "invoice": .text(line.key.invoice), "line": .text(line.key.line),
      "organization": .text(content.organization?.rawValue ?? content.organizationText),
      "month": .text(content.month?.description ?? ""), "charge": .text(content.category?.rawValue ?? ""),
      "quantity": .text(content.quantity?.grouped() ?? ""),
      "amount": .text(Money(content.amount, content.currency).exact),
    ]
  }
}
