import FoundationEssentials
package import QuotaCore

/// Something that a person did, as JSON.
package struct ActOutput: Encodable {
  let actId: Int64
  let at: Date
  let by: String
  let way: String
  let kind: String
  let organizationIds: [OrganizationID]
  let objects: [String]
  let words: String

  package init(_ act: Act) {
    (actId, at, by, words) = (act.id, act.at, act.by, act.words)
    (way, kind) = (act.way.rawValue, act.kind.rawValue)
    (organizationIds, objects) = (act.organizations, act.objects)
  }
}
