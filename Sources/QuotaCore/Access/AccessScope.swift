/// What somebody may do who asks the server.
package enum AccessScope: String, CaseIterable, Codable, Sendable {
  /// See organizations, and what became of them: pages and the API.
  case read
  /// Collect the metrics.
  case metrics
  /// Do what a person does: acknowledge, silence, resend, accept.
  case act
  /// Change how the program itself works: read its configuration anew.
  case admin

  /// What looks and changes nothing.
  package static let looking: Set<AccessScope> = [.read, .metrics]
}
