import QuotaCore

/// The events of a group as a table, a row for each organization, the most urgent first.
struct SlackTable {
  private static let titles = ["State", "Organization", "What", "Used"]
  /// In UTF-16 units: longer cells are cut, so that one does not push the others out.
  private static let longest = 600

  /// The titles, and the cells of the organizations that are shown.
  private(set) var rows = [titles]
  /// `… and 12 more organizations`; nil if every one is shown.
  let leftOut: String?

  init(_ events: [EventText]) {
    let groups = Self.byOrganization(events)
    var room = SlackLimit.cells - Self.length(Self.titles)
    for events in groups.prefix(SlackLimit.rows - 1) {
      let cells = Self.cells(events)
      room -= Self.length(cells)
      guard room >= 0 else { break }
      rows.append(cells)
    }
    let rest = groups.count - (rows.count - 1)
    leftOut = rest > 0 ? "… and \(rest.counted("more organization"))" : nil
  }

  /// The events of each organization, in the order in which the organizations come first.
  private static func byOrganization(_ events: [EventText]) -> [[EventText]] {
    var places: [String: Int] = [:]
    var groups: [[EventText]] = []
    for event in events {
      let whose = event.organization?.rawValue ?? ""
      if let place = places[whose] {
        groups[place].append(event)
      } else {
        places[whose] = groups.count
        groups.append([event])
      }
    }
    return groups
  }

  private static func cells(_ events: [EventText]) -> [String] {
    let state = events.first.map { "\($0.tone.symbol) \($0.word)" } ?? ""
    let figures = events.compactMap(\.figures)
    return [
      state, literal(events.first?.name ?? ""), literal(events.map(\.what).joined(separator: "; ")),
      figures.isEmpty ? "–" : literal(figures.joined(separator: "; ")),
    ]
  }

  private static func length(_ cells: [String]) -> Int { cells.reduce(0) { $0 + $1.utf16.count } }

  /// A cell knows no escapes: what could begin a mention, a link or a name of a character is shown by its twin.
  private static func literal(_ text: String) -> String {
    let shown = Unlinked.text(text).replacing("<", with: "‹").replacing(">", with: "›").replacing("&", with: "＆")
    return Clipped.text(shown, to: longest, length: \.utf16.count)
  }
}
