package import FoundationEssentials

/// What the values of a configuration stand among: what they may refer to, and where.
package struct ConfigurationSurroundings: Sendable {
  /// What there is of each kind; a kind that is not there cannot be told, and so every reference to it may be right.
  package var names: [Referable: Set<String>]
  /// What relative paths are relative to.
  package var directory: String
  package var timeZones: TimeZoneDatabase
  /// Reads a text of at most so many bytes from a file; what is wrong is half a sentence.
  package var readText: @Sendable (_ path: String, _ limit: Int) -> Result<String, UnreadableText>

  package init(
    names: [Referable: Set<String>] = [:], directory: String = ".", timeZones: TimeZoneDatabase = TimeZoneDatabase(),
    readText: @escaping @Sendable (_ path: String, _ limit: Int) -> Result<String, UnreadableText> = { _, _ in
      .failure(UnreadableText(problem: "cannot be read"))
    }
  ) {
    self.names = names
    self.directory = directory
    self.timeZones = timeZones
    self.readText = readText
  }
}

/// What other parts of a configuration refer to by name.
package enum Referable: String, Hashable, CaseIterable, Sendable {
  case organization
  case plan
  case rule
  case notifier
  case tag
}

/// Why a file's text is not to be had.
package struct UnreadableText: Error {
  /// Follows the file's name: `cannot be read: …`.
  package let problem: String

  package init(problem: String) {
    self.problem = problem
  }
}

/// The time zones by their names, which the core has no library for.
package struct TimeZoneDatabase: Sendable {
  package var find: @Sendable (String) -> TimeZone?
  package var names: @Sendable () -> [String]

  package init(
    find: @escaping @Sendable (String) -> TimeZone? = { TimeZone(identifier: $0) },
    names: @escaping @Sendable () -> [String] = { [] }
  ) {
    self.find = find
    self.names = names
  }
}

/// A name that is no time zone's.
package struct UnknownTimeZone: Error {
  /// One line, with the name.
  package let problem: String
}

/// A zone with its name as it was written: Foundation calls `UTC` by another one.
package struct NamedTimeZone: Hashable, Sendable {
  package let name: String
  package let zone: TimeZone

  package init(name: String, zone: TimeZone) {
    self.name = name
    self.zone = zone
  }
}
