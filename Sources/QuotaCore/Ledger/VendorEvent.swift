package import FoundationEssentials

/// A webhook of the vendor, as far as it is of use here: whose execution is how far. Its `data` is the content of a
/// document and is never looked at.
package struct VendorEvent: Hashable, Sendable {
  package let kind: ExecutionKind
  package let id: ExecutionID
  package let status: ExecutionStatus
  package let requestedAt: Date?
  package let endedAt: Date?

  /// Why a webhook's body cannot be read.
  package struct Unreadable: Error, Hashable, Sendable {
    /// One line, without anything of the body.
    package let message: String
  }

  /// Reads a webhook's body.
  ///
  /// The kind follows from the name of the id's member, since the event's name is not proven to be in the body. A status
  /// that is not known counts as open: whoever asks the vendor later will know.
  package init(_ body: [UInt8]) throws(Unreadable) {
    let root: JSONNode
    do throws(JSONSyntaxError) {
      root = try JSONParser.parse(body)
    } catch {
      throw Unreadable(message: "the body is not valid JSON (at byte \(error.offset) of \(body.count))")
    }
    guard case .object = root.value else { throw Unreadable(message: "the body is \(root.kind) instead of an object") }
    let named = Self.idMembers.lazy.compactMap { member in root[member.name].map { (member.kind, member.name, $0) } }
    guard let (kind, name, node) = named.first else {
      let names = Self.idMembers.map(\.name).joined(separator: ", ")
      throw Unreadable(message: "the body has none of the ids \(names)")
    }
    guard let id = node.string.flatMap(ExecutionID.init(rawValue:)) else {
      throw Unreadable(message: "\"\(name)\" is not an id")
    }
    self.kind = kind
    self.id = id
    let word = root["status"]?.string ?? root["event"]?.string?.split(separator: "_").last.map(String.init)
    status = word.flatMap { ExecutionStatus(word: $0) } ?? .processing
    requestedAt = root["request_timestamp"]?.string.flatMap { Date(rfc3339: $0) }
    endedAt = root["response_timestamp"]?.string.flatMap { Date(rfc3339: $0) }
  }

  /// The members that hold an id, by kind; `conversion_id` last, because answers about steps use that name, too.
  private static let idMembers: [(name: String, kind: ExecutionKind)] = [
    ("step_execution_id", .step), ("identification_id", .identification), ("conversion_id", .conversion),
  ]

  /// What the ledger learns of it.
  package func report(of organization: OrganizationID, at time: Date) -> ExecutionReport {
    ExecutionReport(
      key: Execution.Key(organization: organization, kind: kind, id: id), status: status, requestedAt: requestedAt,
      endedAt: endedAt, origin: .webhook, seenAt: time)
  }
}
