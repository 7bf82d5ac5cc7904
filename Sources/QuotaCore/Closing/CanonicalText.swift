extension Closing {
  /// The text whose SHA-256 is the entry's hash: a line for each field, `name: value`, ended by LF.
  ///
  /// A field without a value is `name:` alone. In a text a backslash is written `\\` and a line feed `\n`. Its form is
  /// documented in `docs/closing.md` and never changes; another form has another number in the first line.
  package var canonicalText: String {
    Self.canonicalText(of: entry, sequence: sequence, previousHash: previousHash)
  }

  static func canonicalText(of entry: ClosingEntry, sequence: Int64, previousHash: String) -> String {
    var text = "quotawatch closing 1\n"
    func add(_ name: String, _ value: String?) {
      text += value.map { "\(name): \(escaped($0))\n" } ?? "\(name):\n"
    }
    var closed: ClosedMonth?
    var reason: String?
    switch entry.action {
    case .close(let month): closed = month
    case .reopen(let why): reason = why
    }
    add("sequence", String(sequence))
    add("action", entry.action.name)
    add("organization_id", entry.organization.rawValue)
    add("month", entry.month.description)
    add("time_zone", entry.timeZone)
    add("pages", closed?.snapshot.map { String($0.counters.pages) })
    add("conversions", closed?.snapshot.map { String($0.counters.conversions) })
    add("snapshot_id", closed?.snapshot.map { String($0.id) })
    add("first_seen_at", closed?.snapshot?.firstSeenAt.iso8601)
    add("last_seen_at", closed?.snapshot?.lastSeenAt.iso8601)
    add("quota_pages", closed?.quota.pages.map { String($0) })
    add("quota_conversions", closed?.quota.conversions.map { String($0) })
    add("settled", closed.map { $0.isSettled ? "yes" : "no" })
    add("plan", closed?.plan)
    add("plan_version", closed?.planVersion)
    add("forced_because", closed?.forcedBecause)
    add("reason", reason)
    add("acted_at", entry.actedAt.iso8601)
    add("acted_by", entry.actedBy)
    add("previous_hash", previousHash)
    return text
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\n") }) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}

extension ClosingEntry.Action {
  /// As it is stored and printed.
  package var name: String {
    switch self {
    case .close: "close"
    case .reopen: "reopen"
    }
  }
}
