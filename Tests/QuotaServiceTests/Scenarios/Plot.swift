/// A configuration of which a scenario says only what matters to it.
struct Plot: Sendable {
  /// What is said of each organization besides its id, name and key, by id.
  var organizations: [String: String]
  var rules: [String]
  /// What is said of each webhook besides its type, address and secret, by name; it is received at `/hooks/NAME`.
  var notifiers: [String: String]
  /// Further members of the configuration.
  var further: String?

  static let quota = #""quota": { "pages": 100 }"#
  static let pages =
    #"{ "id": "pages", "type": "threshold", "metric": "pages", "percent": [50, 80, 100], "notify": ["ops"] }"#
  static let corrections = #"{ "id": "corrections", "type": "correction", "severity": "info", "notify": ["ops"] }"#

  init(
    _ organizations: [String] = ["acme"], rules: [String] = [Plot.pages], notifiers: [String: String] = ["ops": ""],
    further: String? = nil
  ) {
    self.organizations = Dictionary(uniqueKeysWithValues: organizations.map { ($0, Plot.quota) })
    self.rules = rules
    self.notifiers = notifiers
    self.further = further
  }

  var ids: [String] { organizations.keys.sorted() }

  func text(baseURL: String) -> String {
    func object(_ parts: [String?]) -> String { "{ \(parts.compactMap { $0 }.joined(separator: ", ")) }" }
    func optional(_ text: String?) -> String? { (text ?? "").isEmpty ? nil : text }
    let customers = ids.map { id in
      object([
        #""id": "\#(id)", "name": "Name of \#(id)", "api_key": { "env": "KEY_\#(id)" }"#, optional(organizations[id]),
      ])
    }
    let channels = notifiers.keys.sorted().map { name in
      let settings = object([
        #""type": "webhook", "url": "\#(baseURL)/hooks/\#(name)", "secret": { "env": "HOOK_SECRET" }"#,
        optional(notifiers[name]),
      ])
      return #""\#(name)": \#(settings)"#
    }
    // One request at a time, so that a run reads the organizations in their order (if it asks all or none of them for
    // the month before, which happens at most once an hour).
    return object([
      #""database": "quotawatch.sqlite""#,
      #""api": { "base_url": "\#(baseURL)", "retries": 0, "requests_per_second": 10000, "max_concurrent_requests": 1 }"#,
      #""organizations": [\#(customers.joined(separator: ", "))]"#,
      #""rules": [\#(rules.joined(separator: ", "))]"#,
      #""notifiers": { \#(channels.joined(separator: ", ")) }"#,
      optional(further),
    ])
  }
}
