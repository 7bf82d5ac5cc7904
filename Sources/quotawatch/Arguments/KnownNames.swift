import FoundationEssentials
import QuotaCore
import QuotaService

/// The names that a shell completes: those of the configuration that a command line would read. Where it cannot be read there
/// are none; the command itself will say why.
enum KnownNames {
  static let organizations = names { $0.organizations.map(\.organization.id.rawValue) }
  static let tags = names { Array(Set($0.organizations.flatMap(\.organization.tags))) }
  static let plans = names { Array($0.plans.keys) }
  static let rules = names { $0.rules.map(\.id.rawValue) }
  static let notifiers = names { $0.notifiers.map(\.id.rawValue) }

  static let timeZones: @Sendable ([String], Int, String) -> [String] = { _, _, _ in TimeZoneDatabase.system.names() }

  private static func names(
    _ names: @escaping @Sendable (Configuration) -> [String]
  ) -> @Sendable ([String], Int, String) -> [String] {
    { words, _, _ in
      let path = words.firstIndex(of: "--config").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
      // Standard input belongs to whoever types.
      guard path != "-" else { return [] }
      let search = ConfigurationSearch(path: path, environment: ProcessInfo.processInfo.environment)
      return (try? search.load()).map(names)?.sorted() ?? []
    }
  }
}
