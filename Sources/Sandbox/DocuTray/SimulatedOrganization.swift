package import QuotaCore

/// A customer of the simulated vendor.
package struct SimulatedOrganization: Hashable, Sendable {
  package let id: OrganizationID
  package let name: String
  /// The API keys that belong to it, made up; all of them see the same counters.
  package let keys: [String]
  /// How its use grows by itself; nil if only what is set and added counts.
  package let curve: UsageCurve?

  package init(id: OrganizationID, name: String? = nil, keys: [String], curve: UsageCurve? = nil) {
    self.id = id
    self.name = name ?? id.rawValue
    self.keys = keys
    self.curve = curve
  }

  /// Many organizations with curves, `bench-00001` with the key `bench-key-00001` and so on.
  package static func bulk(_ count: Int) -> [SimulatedOrganization] {
    (0..<count).map { index in
      let digits = String(index + 1)
      let number = String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
      return SimulatedOrganization(
        id: OrganizationID("bench-\(number)"), keys: ["bench-key-\(number)"],
        curve: UsageCurve(seed: UInt64(index), pagesPerMonth: 1_000 + Int64(index % 97) * 250))
    }
  }
}

extension SimulatedOrganization {
  func withKeys(_ keys: [String]) -> SimulatedOrganization {
    SimulatedOrganization(id: id, name: name, keys: keys, curve: curve)
  }
}
