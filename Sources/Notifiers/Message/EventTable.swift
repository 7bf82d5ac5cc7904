import QuotaCore

/// The events of a group as a table of plain text, the most urgent first.
struct EventTable {
  static let titles = ["#", "Severity", "Organization", "What", "Used"]
  /// How many events are shown; more than anybody reads.
  private static let most = 500
  /// Longer cells are cut, so that one name does not push everything out of sight.
  private static let widest = 60

  /// The cells of the events that are shown.
  let rows: [[String]]
  /// `… and 12 more`; nil if every event is shown.
  let leftOut: String?

  init(_ events: [EventText]) {
    rows = events.prefix(Self.most).enumerated().map { index, event in
      [
        "\(index + 1)", event.word, Unlinked.text(ForeignText.clipped(event.name, to: Self.widest)),
        Unlinked.text(event.what), event.figures ?? "–",
      ]
    }
    let rest = events.count - rows.count
    leftOut = rest > 0 ? "… and \(rest.grouped) more" : nil
  }

  /// How many characters a person sees.
  private static func width(_ cell: String) -> Int { cell.count { $0 != Character(Unlinked.gap) } }

  /// The table in columns, without spaces at the ends of lines; nothing for no events.
  var lines: [String] {
    guard !rows.isEmpty else { return [] }
    let all = [Self.titles] + rows
    let widths = Self.titles.indices.map { column in all.map { Self.width($0[column]) }.max() ?? 0 }
    let lines = all.map { cells in
      var line = zip(cells, widths).map { cell, width in cell + String(repeating: " ", count: width - Self.width(cell))
      }
      .joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    return lines + (leftOut.map { [$0] } ?? [])
  }
}

extension EventText {
  /// The severity, or that there is none any more.
  var word: String {
    switch tone {
    case .test: "test"
    case .resolved: "resolved"
    case .acknowledged: "taken care of"
    case .info, .notice, .warning, .critical: severity.rawValue
    }
  }
}
