import Testing

@testable import QuotaService

@Suite("What is allowed but probably not meant")
struct ConfigurationWarningsTests {
  private func warnings(organizations: String, rules: String) throws -> [String] {
    try ConfigurationDecodingTests.decode(
      """
      {"organizations": [\(organizations)],
       "rules": [\(rules)],
       "notifiers": {"n": {"type": "slack", "url": {"env": "U"}}}}
      """
    ).warnings
  }

  private func organization(_ id: String, _ rest: String = "", key: String? = nil) -> String {
    #"{"id": "\#(id)", "api_key": {"env": "\#(key ?? id)"}\#(rest)}"#
  }

  @Test("a rule that reaches nobody")
  func unheard() throws {
    let found = try warnings(organizations: organization("a"), rules: #"{"id": "r", "type": "credential"}"#)
    #expect(found == ["alerts.json:2:12: rules[0]: nobody hears of it; add \"notify\" with names from \"notifiers\""])
  }

  @Test("a rule that reaches nobody for some organizations")
  func partlyUnheard() throws {
    let silent = ["b", "c", "d", "e"].map { organization($0) }.joined(separator: ",")
    let found = try warnings(
      organizations: organization("a", #", "notify": ["n"]"#) + "," + silent,
      rules: #"{"id": "r", "type": "credential"}"#)
    #expect(
      found == [
        "alerts.json:2:12: rules[0]: nobody hears of it for b, c, d and 1 more; add \"notify\" to the rule or to the "
          + "organizations"
      ])
  }

  @Test("a rule that is heard by its own notifiers or by every organization's is fine")
  func heard() throws {
    let rule = #"{"id": "r", "type": "credential", "notify": ["n"]}"#
    #expect(try warnings(organizations: organization("a"), rules: rule) == [])
    let heard = organization("a", #", "notify": ["n"]"#)
    #expect(try warnings(organizations: heard, rules: #"{"id": "r", "type": "credential"}"#) == [])
  }

  @Test("percentages of a quota that nobody has")
  func noQuota() throws {
    let rule = #"{"id": "r", "type": "threshold", "metric": "pages", "percent": [80], "notify": ["n"]}"#
    #expect(
      try warnings(organizations: organization("a", #", "quota": {"conversions": 5}"#), rules: rule)
        == ["alerts.json:2:12: rules[0]: cannot fire: no organization or plan has a quota of pages"])
    #expect(try warnings(organizations: organization("a", #", "quota": {"pages": 0}"#), rules: rule) == [])
    let count = #"{"id": "r", "type": "threshold", "metric": "pages", "count": [80], "notify": ["n"]}"#
    #expect(try warnings(organizations: organization("a"), rules: count) == [])
  }

  @Test("a key that two organizations have")
  func sameKey() throws {
    let found = try warnings(organizations: organization("a", key: "K") + "," + organization("b", key: "K"), rules: "")
    #expect(
      found == ["alerts.json:1:57: organizations[1]: has the same API key as a, so its usage is counted twice"])
  }
}
