/// Something that goes wrong as long as nobody does anything about it, as a run has found it: an organization that cannot be
/// read, an execution that cannot be asked for, a channel that takes nothing.
package struct Trouble: Hashable, Sendable {
  /// What it is about, such as `acme` or `notifier ops`.
  package let subject: String
  /// Whose it is; nil for what is nobody's. A run of some organizations finds nothing out about others.
  package let organization: OrganizationID?
  /// Stays the same while it is the same trouble, so that a run can tell whether anything has changed.
  package let reason: String

  package init(_ subject: String, of organization: OrganizationID? = nil, because reason: String) {
    self.subject = subject
    self.organization = organization
    self.reason = reason
  }

  /// What is another trouble than before, and what is over.
  package struct Change: Hashable, Sendable {
    /// The subjects of what is new, or goes wrong for another reason.
    package var new: Set<String> = []
    /// The subjects of what is over, in alphabetic order.
    package var over: [String] = []

    package init() {}

    /// - Parameters:
    ///   - known: what was found before.
    ///   - found: what is found now of the same organizations, and of what is nobody's.
    package init(from known: [Trouble], to found: [Trouble]) {
      let before = Set(known)
      let subjects = Set(found.map(\.subject))
      new = Set(found.filter { !before.contains($0) }.map(\.subject))
      over = known.map(\.subject).filter { !subjects.contains($0) }.sorted()
    }
  }
}
