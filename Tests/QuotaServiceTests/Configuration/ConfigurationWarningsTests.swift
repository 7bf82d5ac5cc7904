import Testing

@testable import QuotaService

@Suite("What is allowed but probably not meant")
struct ConfigurationWarningsTests {
  /// The warnings without the file's name and the place in it.
  private func warnings(
    organizations: [String], rules: [String], notifiers: [String] = ["n"], more: String = ""
  ) throws -> [String] {
    let channels = notifiers.map { #""\#($0)": {"type": "slack", "url": {"env": "U"}}"# }.joined(separator: ", ")
    let found = try ConfigurationDecodingTests.decode(
      """
      {"organizations": [\(organizations.joined(separator: ", "))],
       "rules": [\(rules.joined(separator: ", "))],
       "notifiers": {\(channels)}\(more)}
      """
    ).warnings
    return found.map { String($0.drop { $0 != " " }.dropFirst()) }
  }

  private func organization(_ id: String, _ rest: String = "", key: String? = nil) -> String {
    #"{"id": "\#(id)", "api_key": {"env": "\#(key ?? id)"}\#(rest)}"#
  }

  private let silentRule = #"{"id": "r", "type": "credential"}"#
  private let rule = #"{"id": "r", "type": "credential", "notify": ["n"]}"#
  private let noUse = "no rule, organization, route or default names it"

  private func quotaRule(_ settings: String, type: String = "threshold") -> String {
    #"{"id": "q", "type": "\#(type)", "metric": "pages", "notify": ["n"]\#(settings.isEmpty ? "" : ", ")\#(settings)}"#
  }

  @Test("each warning has its place in the file")
  func place() throws {
    let text = """
      {"organizations": [{"id": "a", "api_key": {"env": "K"}}],
       "rules": [{"id": "r", "type": "credential"}]}
      """
    #expect(
      try ConfigurationDecodingTests.decode(text).warnings == [
        "alerts.json:2:12: rules[0]: nobody hears of it; add \"notify\" with names from \"notifiers\", or "
          + "\"default_notify\""
      ])
  }

  // MARK: - Who hears of it

  @Test("a rule that reaches nobody for some organizations")
  func partlyUnheard() throws {
    let found = try warnings(
      organizations: [organization("a", #", "notify": ["n"]"#)] + ["b", "c", "d", "e"].map { organization($0) },
      rules: [silentRule])
    #expect(
      found == [
        "rules[0]: nobody hears of it for b, c, d and 1 more; add \"notify\" to the rule or to the organizations"
      ])
  }

  @Test("a rule that is heard by its own notifiers or by every organization's is fine")
  func heard() throws {
    #expect(try warnings(organizations: [organization("a")], rules: [rule]) == [])
    #expect(try warnings(organizations: [organization("a", #", "notify": ["n"]"#)], rules: [silentRule]) == [])
  }

  @Test("a rule that is heard by default is fine")
  func defaults() throws {
    #expect(
      try warnings(organizations: [organization("a")], rules: [silentRule], more: #", "default_notify": ["n"]"#) == [])
  }

  @Test(
    "a rule that a route takes to somebody is fine, if the route can match",
    arguments: [
      (#"{"notify": ["n"]}"#, true), (#"{"match": {"rules": ["r"]}, "notify": ["n"]}"#, true),
      (#"{"match": {"severity": ["warning"]}, "notify": ["n"]}"#, true),
      (#"{"match": {"severity": ["info"]}, "notify": ["n"]}"#, false),
      (#"{"match": {"tags": ["t"]}, "notify": ["n"]}"#, true),
      (#"{"match": {"tags": ["u"]}, "notify": ["n"]}"#, false),
      (#"{"notify": []}, {"notify": ["n"]}"#, false),
      (#"{"notify": [], "continue": true}, {"notify": ["n"]}"#, true),
    ])
  func routes(routes: String, isHeard: Bool) throws {
    let switchedOff = #"{"id": "x", "type": "credential", "enabled": false, "applies_to": {"tags": ["u"]}}"#
    let other = organization("b", #", "tags": ["u"], "notify": ["n"]"#)
    let found = try warnings(
      organizations: [organization("a", #", "tags": ["t"]"#), other], rules: [silentRule, switchedOff],
      more: #", "routes": [\#(routes)]"#)
    #expect(found.isEmpty == isHeard, "\(found)")
  }

  @Test("a rule that only some organizations are judged by has to be heard for these only")
  func scope() throws {
    let rule = #"{"id": "r", "type": "credential", "applies_to": {"organizations": ["a"]}}"#
    let other = #"{"id": "s", "type": "stale", "after": "6h", "notify": ["n"]}"#
    #expect(
      try warnings(
        organizations: [organization("a", #", "notify": ["n"]"#), organization("b")], rules: [rule, other]) == [])
  }

  @Test("a rule that is switched off is meant to be silent")
  func switchedOff() throws {
    let off = #"{"id": "off", "type": "threshold", "metric": "pages", "percent": [80], "enabled": false}"#
    #expect(try warnings(organizations: [organization("a")], rules: [off, rule]) == [])
  }

  // MARK: - What cannot fire

  @Test(
    "percentages of a quota that nobody has",
    arguments: [
      ("threshold", #""percent": [80]"#), ("threshold", #""every": "10%""#),
      ("threshold", #""percent": [80], "every": 10"#), ("forecast", ""),
    ])
  func noQuota(type: String, settings: String) throws {
    let rule = quotaRule(settings, type: type)
    let line = "rules[0]: cannot fire: no organization or plan has a quota of pages"
    #expect(try warnings(organizations: [organization("a")], rules: [rule]) == [line])
    #expect(try warnings(organizations: [organization("a", #", "quota": {"pages": 5}"#)], rules: [rule]) == [])
  }

  @Test("a quota of zero is passed by every use, but has no steps")
  func zeroQuota() throws {
    let organizations = [organization("a", #", "quota": {"pages": 0}"#)]
    #expect(try warnings(organizations: organizations, rules: [quotaRule(#""percent": [80]"#)]) == [])
    #expect(try warnings(organizations: organizations, rules: [quotaRule(#""every": "10%""#)]).count == 1)
  }

  @Test(
    "counts need no quota",
    arguments: [
      #""count": [80]"#, #""every": 80"#, #""percent": [80], "count": [80]"#,
      #""percent": [80], "every": "5%", "count": [1]"#,
    ])
  func counts(settings: String) throws {
    #expect(try warnings(organizations: [organization("a")], rules: [quotaRule(settings)]) == [])
  }

  @Test("a quota that only others have")
  func othersQuota() throws {
    let rules = [quotaRule(#""percent": [80], "applies_to": {"organizations": ["a"]}"#), rule]
    let organizations = [organization("a"), organization("b", #", "quota": {"pages": 5}"#)]
    #expect(
      try warnings(organizations: organizations, rules: rules) == [
        "organizations: no rule watches the quota of pages of b; add a \"threshold\" or \"forecast\" rule",
        "rules[0]: cannot fire: no organization that it applies to has a quota of pages",
      ])
  }

  @Test("a rule that is judged on nobody")
  func judgedOnNobody() throws {
    let nobody =
      #"{"id": "s", "type": "stale", "after": "6h", "except": {"organizations": ["a"]}, "notify": ["n"]}"#
    #expect(
      try warnings(organizations: [organization("a")], rules: [rule, nobody]) == [
        "rules[1]: cannot fire: \"applies_to\" and \"except\" leave no organization to judge it on"
      ])
  }

  @Test("a search for duplicate keys among one organization")
  func onlyOne() throws {
    let duplicates = #"{"id": "t", "type": "duplicate_key", "notify": ["n"]}"#
    #expect(
      try warnings(organizations: [organization("a")], rules: [duplicates]) == [
        "rules[0]: cannot fire: there is only one organization, so no two keys can be compared"
      ])
    #expect(try warnings(organizations: [organization("a"), organization("b")], rules: [duplicates]) == [])
  }

  // MARK: - What no rule watches

  @Test("organizations that no rule covers")
  func uncovered() throws {
    let some = #"{"id": "r", "type": "credential", "notify": ["n"], "applies_to": {"tags": ["t"]}}"#
    let off = #"{"id": "s", "type": "credential", "notify": ["n"], "enabled": false}"#
    let organizations = [organization("a", #", "tags": ["t"]"#), organization("b"), organization("c")]
    #expect(
      try warnings(organizations: organizations, rules: [some, off]) == ["organizations: no rule covers b, c"])
    #expect(
      try warnings(organizations: organizations, rules: [off])
        == ["organizations: no rule covers any of them; add \"rules\" to hear of something"])
  }

  @Test("quotas that no rule watches")
  func unwatchedQuotas() throws {
    let organizations = [organization("a", #", "quota": {"pages": 5, "conversions": 5}"#)]
    let advice = "add a \"threshold\" or \"forecast\" rule"
    #expect(
      try warnings(organizations: organizations, rules: [rule]) == [
        "organizations: no rule watches the quota of pages; \(advice)",
        "organizations: no rule watches the quota of conversions; \(advice)",
      ])
    for quotaRule in [quotaRule("", type: "forecast"), quotaRule(#""count": [4]"#)] {
      #expect(
        try warnings(organizations: organizations, rules: [quotaRule])
          == ["organizations: no rule watches the quota of conversions; \(advice)"])
    }
    // What is used much more than usual has nothing to do with the quota.
    #expect(try warnings(organizations: organizations, rules: [quotaRule("", type: "spike")]).count == 2)
  }

  // MARK: - What is there without need, or twice

  @Test("a notifier that nobody uses")
  func unused() throws {
    #expect(
      try warnings(organizations: [organization("a")], rules: [rule], notifiers: ["n", "m"])
        == ["notifiers.m: nobody uses it: \(noUse)"])
  }

  @Test(
    "a notifier that something names is used",
    arguments: [
      #""default_notify": ["m"]"#, #""routes": [{"match": {"severity": ["info"]}, "notify": ["m"]}]"#,
      #""breaker": {"notify": ["m"]}"#,
    ])
  func used(settings: String) throws {
    #expect(
      try warnings(
        organizations: [organization("a")], rules: [rule], notifiers: ["n", "m"], more: ", \(settings)") == [])
  }

  @Test("a notifier is used by organizations, and by rules that are switched off")
  func usedByName() throws {
    let off = #"{"id": "off", "type": "credential", "enabled": false, "notify": ["m"]}"#
    #expect(
      try warnings(
        organizations: [organization("a", #", "notify": ["o"]"#)], rules: [rule, off], notifiers: ["n", "m", "o"])
        == [])
  }

  private func spendWarnings(_ settings: String, plans: [String]) throws -> [String] {
    let organizations = plans.enumerated().map { organization("o\($0)", #", "plan": "\#($1)""#) }
    let prices = ["EUR", "JPY"].map { #""\#($0)": {"currency": "\#($0)", "charges": []}"# } + [#""none": {}"#]
    return try ConfigurationDecodingTests.decode(
      """
      {"organizations": [\(organizations.joined(separator: ","))], "plans": {\(prices.joined(separator: ","))},
       "rules": [{"id": "r", "type": "spend", "amount": "5", "notify": ["n"]\(settings)}],
       "notifiers": {"n": {"type": "slack", "url": {"env": "U"}}}}
      """
    ).warnings.filter { $0.contains(" rules[0]:") }.map { String($0.drop { $0 != "[" }) }
  }

  @Test("amounts that have no prices to be compared with, or those of another currency")
  func spend() throws {
    #expect(
      try spendWarnings("", plans: ["none"])
        == ["[0]: cannot fire: no organization that it is judged on has a plan with prices"])
    #expect(
      try spendWarnings(#", "currency": "EUR""#, plans: ["JPY", "none"])
        == ["[0]: cannot fire: no organization that it is judged on has a plan with prices in EUR"])
    #expect(
      try spendWarnings(#", "currency": "EUR""#, plans: ["EUR", "JPY", "none"])
        == ["[0]: says nothing of o1: the prices are not in EUR; add a rule for their currency"])
    #expect(
      try spendWarnings("", plans: ["EUR", "JPY"])
        == ["[0]: compares the same amount in EUR and JPY; give \"currency\", and add a rule for each currency"])
    #expect(try spendWarnings("", plans: ["EUR", "none"]) == [])
    #expect(try spendWarnings(#", "applies_to": {"plans": ["EUR"]}"#, plans: ["EUR", "JPY"]) == [])
    #expect(try spendWarnings(#", "currency": "JPY", "applies_to": {"plans": ["JPY"]}"#, plans: ["EUR", "JPY"]) == [])
  }
}
