package import FoundationEssentials

/// Something that a person did.
package struct Act: Hashable, Sendable {
  /// What is done.
  package enum Kind: String, CaseIterable, Sendable {
    case acknowledge, unacknowledge, silence
    case endSilence = "end_silence"
    case resend, dismiss, test, run, accept, dispute
    case importInvoice = "import_invoice"
    case voidInvoice = "void_invoice"
    case restoreInvoice = "restore_invoice"
    case close, reopen
    case addToken = "add_token"
    case revokeToken = "revoke_token"
    case embed, reload
  }

  /// How somebody came to do it.
  package enum Way: String, CaseIterable, Sendable {
    case command, page, api
  }

  /// Its number, in the order in which things were done; 0 for one that is not recorded yet.
  package var id: Int64
  package let at: Date
  /// The name of a token, of a proxy's user, or of the user of this machine.
  package let by: String
  package let way: Way
  package let kind: Kind
  /// Those that it is about; none if it is about all, or about none.
  package let organizations: [OrganizationID]
  /// The ids of what was changed: alerts, silences, messages.
  package let objects: [String]
  /// One line: what was changed.
  package let words: String

  package init(
    id: Int64 = 0, at: Date, by: String, way: Way, kind: Kind, organizations: [OrganizationID] = [],
    objects: [String] = [], words: String
  ) {
    (self.id, self.at, self.by, self.way, self.kind) = (id, at, by, way, kind)
    (self.organizations, self.objects, self.words) = (organizations, objects, words)
  }

  /// Whether somebody may know of it who sees these organizations alone; nil for all.
  package func isShown(to visible: Set<OrganizationID>?) -> Bool {
    visible.map { !organizations.isEmpty && organizations.allSatisfy($0.contains) } ?? true
  }
}
