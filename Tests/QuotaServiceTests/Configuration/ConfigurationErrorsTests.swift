import QuotaCore
import Testing

@testable import QuotaService

@Suite("What is wrong with a configuration")
struct ConfigurationErrorsTests {
  private func lines(_ text: String) -> [String] {
    let error = #expect(throws: ServiceError.self) { try ConfigurationDecodingTests.decode(text) }
    #expect(error?.status == .configuration)
    return error?.lines ?? []
  }

  /// A good file of one line, with something instead of its organizations' list, or before it.
  private static func file(_ before: String = "", organizations: String? = nil) -> String {
    #"{\#(before)"organizations": \#(organizations ?? #"[{"id": "a", "api_key": {"env": "K"}}]"#)}"#
  }

  @Test(
    "the text as a whole",
    arguments: [
      ("", "alerts.json:1:1: not JSON: the text ends where a value is expected"),
      ("{\n  \"a\": 1,\n}", "alerts.json:3:1: not JSON: a comma before } is not allowed"),
      ("{\"a\": 1, \"a\": 2}", "alerts.json:1:10: not JSON: \"a\" stands here twice"),
      ("[]", "alerts.json:1:1: expected an object, found a list"),
      ("{}", "alerts.json:1:1: \"organizations\" is missing"),
      ("{\"organizations\": []}", "alerts.json:1:19: organizations: must have at least 1 entry"),
      (file("\"databse\": \"x\", "), "alerts.json:1:2: databse: unknown key \"databse\"; did you mean \"database\"?"),
      (
        file("\"a\\nb\": 1, "),
        "alerts.json:1:2: [\"a\\nb\"]: unknown key \"a\\nb\"; known: $schema, api, billing_time_zone, breaker, database, "
          + "default_notify, embed, heartbeat, include, ledger, notifiers, organizations, organizations_file, plans, "
          + "reconciliation, retention, routes, rules, schedule, serve, statement, tokens"
      ),
      (
        file("\"base_url\": \"https://a.example\", "),
        "alerts.json:1:2: base_url: unknown key \"base_url\"; it belongs into \"api\""
      ),
      (file("\"database\": \"\", "), "alerts.json:1:14: database: must not be empty"),
      (
        file("\"database\": \"a\\u0000b\", "),
        "alerts.json:1:14: database: must not hold line breaks or other control characters"
      ),
      (
        file("\"billing_time_zone\": \"Europe/Berln\", "),
        "alerts.json:1:23: billing_time_zone: "
          + "\"Europe/Berln\" is no time zone of the IANA database; did you mean \"Europe/Berlin\"?"
      ),
      (
        file("\"billing_time_zone\": \"CEST\", "),
        "alerts.json:1:23: billing_time_zone: "
          + "\"CEST\" is no time zone of the IANA database; use \"UTC\" or a name such as \"Europe/Berlin\""
      ),
      (
        file("\"retention\": {\"thin_after_days\": 0}, "),
        "alerts.json:1:35: retention.thin_after_days: expected a whole number from 1 to 3650, found 0"
      ),
    ])
  func whole(text: String, line: String) {
    #expect(lines(text) == [line])
  }

  @Test(
    "the API's settings",
    arguments: [
      (
        "\"max_concurrent_requests\": 1001",
        "max_concurrent_requests: expected a whole number from 1 to 1000, found 1001"
      ),
      ("\"requests_per_second\": 0.5", "requests_per_second: expected a whole number from 1 to 100000, found 0.5"),
      ("\"timeout_seconds\": \"30\"", "timeout_seconds: expected a whole number, found text"),
      ("\"retries\": -1", "retries: expected a whole number from 0 to 10, found -1"),
      ("\"deadline_seconds\": 1", "deadline_seconds: expected a whole number from 10 to 86400, found 1"),
      ("\"allow_http\": 1", "allow_http: expected true or false, found a number"),
      ("\"base_url\": \"docutray\"", "base_url: expected an address such as \"https://app.docutray.com\""),
      ("\"base_url\": \"https://u:p@x.y\"", "base_url: the address must not hold a user name or password; remove it"),
      (
        "\"base_url\": \"https://x.y?a\"",
        "base_url: the address must end before any \"?\" or \"#\"; remove the rest"
      ),
      (
        "\"base_url\": \"http://127.0.0.1.evil.com\"",
        "base_url: plain http is for loopback only; "
          + "use https, or set \"allow_http\": true if the network is trusted"
      ),
    ])
  func api(setting: String, line: String) {
    let found = lines(Self.file("\"api\": {\(setting)}, "))
    #expect(found.map { $0.drop { $0 != " " } } == [" api.\(line)"])
  }

  @Test(
    "organizations",
    arguments: [
      ("[7]", "1:20: organizations[0]: expected an object, found a number"),
      ("[{\"api_key\": {\"env\": \"K\"}}]", "1:20: organizations[0]: \"id\" is missing"),
      ("[{\"id\": \"a\"}]", "1:20: organizations[0]: \"api_key\" is missing"),
      (
        "[{\"id\": \"a b\", \"api_key\": {\"env\": \"K\"}}]",
        "1:27: organizations[0].id: \"a b\" is not an id: "
          + "use up to 64 letters, digits, '-', '_' and single dots, a letter or digit first and last"
      ),
      (
        "[{\"id\": \"a\", \"api_key\": {\"env\": \"K\"}, \"nmae\": \"x\"}]",
        "1:57: organizations[0].nmae: unknown key \"nmae\"; did you mean \"name\"?"
      ),
      (
        "[{\"id\": \"a\", \"api_key\": {\"env\": \"K\"}, \"name\": \"a\\nb\"}]",
        "1:65: organizations[0].name: must not hold line breaks or other control characters"
      ),
      (
        "[{\"id\": \"a\", \"api_key\": {\"env\": \"K\"}, \"quota\": {\"page\": 1}}]",
        "1:67: organizations[0].quota.page: unknown key \"page\"; did you mean \"pages\"?"
      ),
      (
        "[{\"id\": \"a\", \"api_key\": {\"env\": \"K\"}, \"quota\": {\"pages\": 1e3}}]",
        "1:76: "
          + "organizations[0].quota.pages: expected a whole number from 0 to 1000000000000000, found 1e3"
      ),
      (
        "[{\"id\": \"a\", \"api_key\": {\"env\": \"K\"}, \"tags\": [\"x\", \"x\"]}]",
        "1:71: organizations[0].tags[1]: \"x\" stands here twice"
      ),
      (
        "[{\"id\": \"a\", \"api_key\": {\"env\": \"K\"}}, {\"id\": \"a\", \"api_key\": {\"env\": \"L\"}}]",
        "1:65: organizations[1].id: \"a\" is the id of organizations[0] already; every organization needs its own"
      ),
      (
        "[{\"id\": \"a\", \"api_key\": {\"env\": \"K\"}, \"plan\": \"growth\"}]",
        "1:65: organizations[0].plan: no plan \"growth\" is configured; add it under \"plans\""
      ),
    ])
  func organizations(list: String, line: String) {
    #expect(lines(Self.file(organizations: list)) == ["alerts.json:\(line)"])
  }

  @Test("a key that stands in the file is refused without being repeated")
  func literalKey() {
    let found = lines(Self.file(organizations: "[{\"id\": \"a\", \"api_key\": \"dt_hidden\"}]"))
    #expect(found.count == 1)
    #expect(
      found.first?.hasPrefix("alerts.json:1:43: organizations[0].api_key: a secret must not stand in the") == true)
    #expect(found.first?.contains("hidden") == false)
  }

  @Test("references to plans and notifiers that are not there, with the nearest name")
  func references() {
    let text = """
      {
        "plans": { "growth": { "quota": { "pages": 1 } } },
        "organizations": [
          { "id": "a", "api_key": { "env": "K" }, "plan": "grwth", "notify": ["ops-slak", "zzz"] }
        ],
        "rules": [
          { "id": "r", "type": "credential", "notify": ["ops_slack"] },
          { "id": "r", "type": "credential", "notify": ["ops-slack", "ops-slack"] }
        ],
        "notifiers": { "ops-slack": { "type": "slack", "url": { "env": "U" } } }
      }
      """
    #expect(
      lines(text) == [
        "alerts.json:4:53: organizations[0].plan: no plan \"grwth\" is configured; did you mean \"growth\"?",
        "alerts.json:4:73: organizations[0].notify[0]: no notifier \"ops-slak\" is configured; "
          + "did you mean \"ops-slack\"?",
        "alerts.json:4:85: organizations[0].notify[1]: no notifier \"zzz\" is configured; known: ops-slack",
        "alerts.json:7:51: rules[0].notify[0]: no notifier \"ops_slack\" is configured; did you mean \"ops-slack\"?",
        "alerts.json:8:13: rules[1].id: \"r\" is the id of rules[0] already; every rule needs its own",
        "alerts.json:8:64: rules[1].notify[1]: \"ops-slack\" stands here twice",
      ])
  }

  @Test("a notifier that belongs to an organization that is not there")
  func notifierOfNobody() {
    let text = """
      {"organizations": [{"id": "acme", "api_key": {"env": "K"}}],
       "notifiers": {"n": {"type": "slack", "url": {"env": "U"}, "organization": "acne"},
         "m": {"type": "slack", "url": {"env": "U"}, "organization": "acme"}}}
      """
    #expect(
      lines(text) == [
        "alerts.json:2:76: notifiers.n.organization: no organization \"acne\" is configured; did you mean \"acme\"?"
      ])
  }

  @Test("a part that cannot be read makes no reference to it wrong")
  func unreadableParts() {
    let text = """
      {"plans": [], "notifiers": {"n": {"type": "slack"}, "bad name": {"type": "slack", "url": {"env": "U"}}},
       "organizations": [{"id": "a", "api_key": {"env": "K"}, "plan": "p", "notify": ["n"]}]}
      """
    #expect(
      lines(text) == [
        "alerts.json:1:11: plans: expected an object, found a list",
        "alerts.json:1:34: notifiers.n: \"url\" is missing",
        "alerts.json:1:53: notifiers: \"bad name\" is not an id: use up to 64 letters, digits, '-', '_' and single "
          + "dots, a letter or digit first and last",
      ])
  }

  @Test(
    "rules",
    arguments: [
      ("{\"type\": \"credential\"}", "rules[0]: \"id\" is missing"),
      ("{\"id\": \"r\"}", "rules[0]: \"type\" is missing"),
      (
        "{\"id\": \"r\", \"type\": \"credential\", \"applies_to\": {\"tags\": [\"t\"]}}",
        "rules[0].applies_to.tags[0]: no tag \"t\" is configured; give it to an organization"
      ),
      (
        "{\"id\": \"r\", \"type\": \"treshold\"}",
        "rules[0].type: \"treshold\" is not known here; did you mean \"threshold\"?"
      ),
      ("{\"id\": \"r\", \"type\": \"stale\"}", "rules[0]: \"after\" is missing"),
      (
        "{\"id\": \"r\", \"type\": \"stale\", \"after\": \"6 h\"}",
        "rules[0].after: "
          + "expected a length of time such as \"30s\", \"15m\", \"6h\", \"2d\" or \"2w\", found \"6 h\""
      ),
      (
        "{\"id\": \"r\", \"type\": \"credential\", \"severity\": \"fatal\"}",
        "rules[0].severity: \"fatal\" is not known here; known: critical, info, warning"
      ),
      (
        "{\"id\": \"r\", \"type\": \"credential\", \"after\": \"6h\"}",
        "rules[0].after: unknown key \"after\"; "
          + "known: applies_to, enabled, except, for, id, notify, remind_every, severity, type"
      ),
      (
        "{\"id\": \"r\", \"type\": \"threshold\", \"metric\": \"page\", \"percent\": [1]}",
        "rules[0].metric: \"page\" is not known here; did you mean \"pages\"?"
      ),
      (
        "{\"id\": \"r\", \"type\": \"threshold\", \"metric\": \"pages\"}",
        "rules[0]: a threshold rule needs levels: lists \"percent\" and \"count\", or \"every\""
      ),
      (
        "{\"id\": \"r\", \"type\": \"threshold\", \"metric\": \"pages\", \"percent\": [0]}",
        "rules[0].percent[0]: expected a percentage above 0 with at most two decimals, such as 80 or 99.5"
      ),
      (
        "{\"id\": \"r\", \"type\": \"threshold\", \"metric\": \"pages\", \"percent\": [50, 50.0]}",
        "rules[0].percent[1]: 50% stands here twice"
      ),
      (
        "{\"id\": \"r\", \"type\": \"threshold\", \"metric\": \"pages\", \"count\": 5}",
        "rules[0].count: expected a list, found a number"
      ),
      (
        "{\"id\": \"r\", \"type\": \"threshold\", \"metric\": \"pages\", \"every\": \"10\"}",
        "rules[0].every: expected a whole number, or a percentage such as \"10%\" with at most two decimals"
      ),
      (
        "{\"id\": \"r\", \"type\": \"forecast\", \"metric\": \"pages\", \"min_elapsed\": \"30m\"}",
        "rules[0].min_elapsed: expected a length of time from 1h to 27d, found 30m"
      ),
      (
        "{\"id\": \"r\", \"type\": \"spike\", \"metric\": \"pages\", \"factor\": 1}",
        "rules[0].factor: expected a factor above 1, up to 1000, with at most two decimals, such as 3 or 2.5"
      ),
      (
        "{\"id\": \"r\", \"type\": \"spike\", \"metric\": \"pages\", \"baseline\": \"180h\"}",
        "rules[0].baseline: expected whole days, such as \"7d\" or \"28d\""
      ),
      (
        "{\"id\": \"r\", \"type\": \"idle\", \"after\": \"91d\"}",
        "rules[0].after: expected a length of time from 1h to 90d, found 91d"
      ),
      (
        "{\"id\": \"r\", \"type\": \"correction\", \"for\": 2}",
        "rules[0].for: what such a rule tells of happens at one moment; remove \"for\""
      ),
      (
        "{\"id\": \"r\", \"type\": \"credential\", \"severity\": {\"high\": \"info\"}}",
        "rules[0].severity.high: \"high\" is no level: use \"default\", a percentage such as \"80%\" or a count such "
          + "as \"5000\""
      ),
      (
        "{\"id\": \"r\", \"type\": \"credential\", \"for\": 0}",
        "rules[0].for: expected a whole number from 1 to 1000, found 0"
      ),
      (
        "{\"id\": \"r\", \"type\": \"credential\", \"applies_to\": {}}",
        "rules[0].applies_to: names nobody: give \"organizations\", \"tags\" or \"plans\""
      ),
      (
        "{\"id\": \"r\", \"type\": \"credential\", \"except\": {\"organizations\": [\"zzz\"]}}",
        "rules[0].except.organizations[0]: no organization \"zzz\" is configured; known: a"
      ),
    ])
  func rules(rule: String, line: String) {
    #expect(lines(Self.file("\"rules\": [\(rule)], ")).map { $0.drop { $0 != " " } } == [" \(line)"])
  }

  @Test("everything comes at once, in the order of the file")
  func allAtOnce() {
    let text = """
      {
        "retention": { "thin_after_days": 0 },
        "api": { "retries": 11, "base_url": "x" },
        "rules": [{ "id": "r", "type": "stale", "after": "soon", "notify": ["n"] }, 5],
        "organizations": [{ "id": "", "api_key": "k", "extra": 1 }],
        "billing_time_zone": "Mars/Base",
        "notifiers": { "m": { "type": "fax" } }
      }
      """
    #expect(
      lines(text).map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
        "alerts.json:2:37: retention.thin_after_days:", "alerts.json:3:23: api.retries:",
        "alerts.json:3:39: api.base_url:", "alerts.json:4:52: rules[0].after:", "alerts.json:4:71: rules[0].notify[0]:",
        "alerts.json:4:79: rules[1]:", "alerts.json:5:29: organizations[0].id:",
        "alerts.json:5:44: organizations[0].api_key:", "alerts.json:5:49: organizations[0].extra:",
        "alerts.json:6:24: billing_time_zone:", "alerts.json:7:33: notifiers.m.type:",
      ])
  }
}
