package import FoundationEssentials
import HTTPTypes
import Hummingbird
package import QuotaCore

/// What somebody asks the API for, at one of its addresses.
package struct APIQuestion: Sendable {
  /// Who asks sees these alone; nil for all.
  package let visible: Set<OrganizationID>?
  /// The organization that the path names, which they may see.
  package let organization: OrganizationID?
  private let path: [String: String]
  private let values: [String: String]

  /// Reads what is asked for.
  ///
  /// - Parameter known: the names that may stand in the query.
  /// - Throws: what is wrong with it.
  init(_ request: Request, _ context: ServerContext, _ known: [String]) throws(Problem) {
    visible = context.visitor.map(\.organizations) ?? []
    path = Dictionary(context.parameters.map { (String($0.key), String($0.value)) }) { first, _ in first }
    organization = path["organization"] == nil ? nil : try context.organization()
    values = try Self.values(request, known)
  }

  private static func values(_ request: Request, _ known: [String]) throws(Problem) -> [String: String] {
    var values: [String: String] = [:]
    for (name, value) in request.uri.queryParameters {
      let name = String(name)
      guard known.contains(name) else {
        let list = known.isEmpty ? "none is known" : "known are \(known.sorted().joined(separator: ", "))"
        throw .wrong("there is no parameter \"\(ForeignText.line(name, limit: 64))\"; \(list)")
      }
      guard values.updateValue(String(value), forKey: name) == nil else {
        throw .wrong("\"\(name)\" stands in the query twice")
      }
    }
    return values
  }

  // MARK: - What it says

  package func text(_ name: String) -> String? { values[name] }

  /// What stands in the path where its pattern has a name.
  package func pathText(_ name: String) -> String { path[name] ?? "" }

  /// The number that stands in the path; nil for what is none.
  package func number(_ name: String) -> Int64? {
    path[name].flatMap { $0.utf8.allSatisfy(\.isDigit) ? Int64($0) : nil }
  }

  /// Whether `name=true`.
  package func flag(_ name: String) throws(Problem) -> Bool {
    switch values[name] {
    case nil, "false": return false
    case "true": return true
    default: throw .wrong("\"\(name)\" is true or false")
    }
  }

  package func count(_ name: String, in range: ClosedRange<Int64>) throws(Problem) -> Int64? {
    guard let text = values[name] else { return nil }
    guard text.utf8.allSatisfy(\.isDigit), let number = Int64(text), range.contains(number) else {
      throw .wrong("\"\(name)\" is a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A month of the query or of the path.
  package func month(_ name: String) throws(Problem) -> BillingMonth? {
    guard let text = values[name] ?? path[name] else { return nil }
    guard let month = BillingMonth(text) else { throw .wrong("\"\(name)\" is a month such as 2026-11") }
    return month
  }

  package func moment(_ name: String) throws(Problem) -> Date? {
    guard let text = values[name] else { return nil }
    guard let date = Date(zonedISO8601: text) else {
      throw .wrong("\"\(name)\" is a time such as 2026-11-05T08:00:00Z")
    }
    return date
  }

  /// The organization that `organization=` names.
  ///
  /// - Throws: that there is none, if who asks may not see it.
  package func only() throws(Problem) -> OrganizationID? {
    guard let id = values["organization"].map({ OrganizationID($0) }) else { return nil }
    guard sees(id) else { throw .noOrganization }
    return id
  }

  package func sees(_ organization: OrganizationID) -> Bool { visible?.contains(organization) ?? true }

  /// - Throws: that this is of all organizations, and who asks may not see all.
  package func requireAll(_ what: String) throws(Problem) {
    guard visible == nil else { throw Problem(.forbidden, "\(what) are of all organizations, and this token is not") }
  }
}

extension Problem {
  /// Something in the request is wrong.
  package static func wrong(_ detail: String) -> Problem { Problem(.badRequest, detail) }
  /// What is asked for is not there.
  package static func nothing(_ detail: String) -> Problem { Problem(.notFound, detail) }
  /// It cannot be answered now.
  package static func unavailable(_ detail: String) -> Problem { Problem(.serviceUnavailable, detail) }

  /// The same for what there is not and for what somebody may not see.
  package static var noOrganization: Problem { .nothing("there is no such organization, or not for you") }
}
