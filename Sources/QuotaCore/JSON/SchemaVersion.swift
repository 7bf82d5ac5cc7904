/// The version of everything that is written for programs: JSON, JSON Lines, the columns of reports, webhooks.
///
/// Under the same version fields may be added; the version is raised when one changes its meaning or goes away.
package enum SchemaVersion {
  package static let current: Int64 = 1
  /// What says it, in every object at the top and in every row.
  package static let name = "schema_version"
}
