import QuotaCore

/// A configuration, and who accepts it.
struct SchemaCase: Sendable {
  enum Verdict: Sendable {
    case accepted
    case refused
    /// Refused by the decoder only: a schema cannot say it.
    case beyondSchema
  }

  let text: String
  let verdict: Verdict

  init(text: String, verdict: Verdict) {
    self.text = text
    self.verdict = verdict
  }

  /// A configuration of which some parts are given; what these refer to is there.
  init(part: JSONLiteral, _ verdict: Verdict) {
    self.verdict = verdict
    guard case .object(let members) = part else {
      text = part.line
      return
    }
    let ops = JSONLiteral.Member("ops", ["type": "slack", "url": ["env": "U"]])
    var whole: [JSONLiteral.Member] = [
      .init("plans", ["growth": [:]]), .init("notifiers", .object([ops])),
      .init("rules", [["id": "quota", "type": "credential"]]),
    ]
    whole.removeAll { given in members.contains { $0.name == given.name } }
    let given = members.map { member in
      // A notifier may refer to another one.
      guard member.name == "notifiers", case .object(let notifiers) = member.value, !notifiers.isEmpty else {
        return member
      }
      return JSONLiteral.Member("notifiers", .object(notifiers + [ops]))
    }
    text = JSONLiteral.object(whole + given).line
  }

  static let all = together + apart + beyond

  private static func cases(_ verdict: Verdict, _ texts: [String]) -> [SchemaCase] {
    texts.map { SchemaCase(text: $0, verdict: verdict) }
  }

  private static let organization = #"{"id": "a", "api_key": {"env": "K"}}"#

  private static func file(_ members: String) -> String { #"{\#(members), "organizations": [\#(organization)]}"# }

  private static func organization(_ members: String) -> String {
    #"{"plans": {"p": {}}, "notifiers": {"n": {"type": "slack", "url": {"env": "U"}}}, "organizations": [{"id": "a", "api_key": {"env": "K"}, \#(members)}]}"#
  }

  private static func plan(_ members: String) -> String { file(#""plans": {"p": {\#(members)}}"#) }
  private static func prices(_ members: String) -> String { plan(#""currency": "EUR", "charges": [], \#(members)"#) }
  private static func charge(_ members: String) -> String {
    plan(#""currency": "EUR", "charges": [{\#(members)}]"#)
  }
  private static func tiers(_ tiers: String) -> String {
    charge(#""model": "graduated", "metric": "pages", "tiers": \#(tiers)"#)
  }
  private static func api(_ members: String) -> String { file(#""api": {\#(members)}"#) }
  private static func secret(_ secret: String) -> String { #"{"organizations": [{"id": "a", "api_key": \#(secret)}]}"# }
  private static func rule(_ members: String) -> String { file(#""rules": [{"id": "r", \#(members)}]"#) }
  private static func threshold(_ members: String) -> String {
    rule(#""type": "threshold", "metric": "pages", \#(members)"#)
  }
  private static func about(_ type: String, _ members: String) -> String {
    rule(#""type": "\#(type)", "metric": "pages"\#(members.isEmpty ? "" : ", ")\#(members)"#)
  }
  private static func credential(_ members: String) -> String { rule(#""type": "credential", \#(members)"#) }
  private static func spend(_ members: String) -> String { rule(#""type": "spend", \#(members)"#) }
  private static func notifier(_ members: String) -> String { file(#""notifiers": {"n": {\#(members)}}"#) }
  private static func webhook(_ members: String) -> String {
    notifier(#""type": "webhook", "secret": {"env": "S"}, \#(members)"#)
  }
  private static func email(_ members: String) -> String {
    notifier(#""type": "email", "from": "a@b.c", "to": ["d@e.f"], \#(members)"#)
  }
  private static func slack(_ members: String) -> String {
    notifier(#""type": "slack", "url": {"env": "U"}, \#(members)"#)
  }

  // MARK: - Cases

  /// Settings that stand beside each other, as people write them.
  private static let together = cases(
    .accepted,
    [
      file(#""plans": {}, "rules": [], "notifiers": {}, "api": {}, "retention": {}"#),
      file(#""routes": [{"notify": []}, {"match": {}, "notify": [], "continue": true}]"#),
      file(#""routes": [{"match": {"severity": ["info", "critical"], "organizations": ["a"]}, "notify": []}]"#),
      file(
        #""ledger": {"give_up_after": "2d", "import": {"delimiter": ";", "columns": {"id": "ref", "ended_at": "to"}}}"#),
      file(#""reconciliation": {"tolerance": {"quantity": {"absolute": 5, "percent": 0.5, "combine": "all"}}}"#),
      prices(#""minimum": "10.00", "bill_zero_usage": false, "rounding": "invoice", "tax_percent": "19""#),
      plan(#""versions": [{"quota": {}}, {"valid_from": "2026-01"}]"#),
      plan(#""versions": [{"valid_from": "2026-01"}, {"valid_from": "2026-01-02", "prorate": true}]"#),
      api(#""base_url": "http://a.example.com", "allow_http": true"#),
      organization(#""plan": "p", "notify": ["n"], "tags": ["a", "b"]"#),
      threshold(#""percent": [50, 80.5, 99.99, 100000, 0.01]"#), threshold(#""percent": [50], "count": [5]"#),
      threshold(#""percent": [100], "every": 0.5"#), threshold(#""every": 1000"#),
      threshold(#""percent": [80], "severity": {"default": "info", "80%": "warning", "5000": "critical"}"#),
      spend(#""amount": "5", "basis": "projected", "min_elapsed": "27d", "for": 3, "remind_every": "1d""#),
      spend(#""amount": "5", "currency": "KWD", "basis": "used", "for": "1d""#),
      credential(#""applies_to": {"organizations": ["a"], "tags": []}, "except": {"organizations": ["a"]}"#),
      webhook(#""url": "http://h.example.com", "allow_http": true"#),
      email(#""url": "smtp://m.example.com", "allow_plain": true"#),
      email(#""url": "smtps://m", "username": "u", "password": {"env": "P"}, "ca_file": "x""#),
      slack(#""digest": {"at": "09:00", "days": ["mon", "fri"]}, "time_zone": "Europe/Berlin""#),
      slack(#""template": {"title": "{{subject}}", "text": "{{#events}}{{what}} {{/events}}"}"#),
    ])

  /// Settings that must not stand beside each other, or not alone.
  private static let apart = cases(
    .refused,
    [
      "[]", "7", "{}",
      file(#""reconciliation": {"tolerance": {"amount": {"absolute": "1", "formula": "focus"}}}"#),
      plan(#""currency": "EUR""#), plan(#""charges": []"#), plan(#""minimum": "1""#), plan(#""rounding": "line""#),
      plan(#""tax_percent": 1"#), plan(#""bill_zero_usage": true"#), plan(#""prorate": true"#),
      plan(#""prorate": false"#), plan(#""versions": [{}], "quota": {}"#), plan(#""versions": [{}, {}]"#),
      plan(#""versions": [{"versions": [{}]}]"#),
      charge(#""model": "flat", "amount": "1", "metric": "pages""#),
      api(#""base_url": "http://a.example.com", "allow_http": false"#),
      secret(#"{"env": "K", "file": "k"}"#), rule(#""severity": "info""#), threshold(#""severity": "info""#),
      rule(#""type": "credential", "after": "6h""#), rule(#""type": "correction", "for": 2"#),
      rule(#""type": "correction", "remind_every": "1d""#),
      spend(#""amount": "5", "min_elapsed": "3d""#), spend(#""amount": "5", "basis": "used", "min_elapsed": "3d""#),
      email(#""url": "smtps://m", "username": "u""#), email(#""url": "smtps://m", "password": {"env": "P"}"#),
      notifier(#""type": "pagerduty", "routing_key": {"env": "K"}, "digest": {"at": "09:00"}"#),
      notifier(#""type": "opsgenie", "api_key": {"env": "K"}, "group_above": 5"#), slack(#""template": {}"#),
    ])

  private static let beyond = cases(
    .beyondSchema,
    [
      // What refers to something else, or has to differ from it.
      organization(#""plan": "q""#), organization(#""notify": ["m"]"#),
      rule(#""type": "credential", "notify": ["m"]"#), file(#""default_notify": ["m"]"#),
      file(#""routes": [{"notify": ["m"]}]"#), file(#""routes": [{"match": {"rules": ["x"]}, "notify": []}]"#),
      file(#""routes": [{"match": {"tags": ["x"]}, "notify": []}]"#), file(#""breaker": {"notify": ["m"]}"#),
      #"{"organizations": [\#(organization), \#(organization)]}"#,
      file(#""rules": [{"id": "r", "type": "credential"}, {"id": "r", "type": "credential"}]"#),
      webhook(#""url": "https://h", "headers": {"A": {"env": "A"}, "a": {"env": "A"}}"#),
      notifier(#""type": "email", "url": "smtps://m", "from": "a@b.c", "to": ["d@e.f", "D <d@e.f>"]"#),
      credential(#""applies_to": {"organizations": ["b"]}"#), credential(#""except": {"tags": ["t"]}"#),
      credential(#""applies_to": {"plans": ["p"]}"#),
      // What lies outside of a range of times, or is no whole day.
      about("forecast", #""min_elapsed": "59m""#), about("forecast", #""min_elapsed": "28d""#),
      about("spike", #""window": "59m""#), about("spike", #""window": "8d""#), about("spike", #""baseline": "6d""#),
      about("spike", #""baseline": "36d""#), about("spike", #""baseline": "180h""#),
      rule(#""type": "idle", "after": "59m""#), rule(#""type": "idle", "after": "91d""#),
      // What is a percentage or a count, by what stands beside it.
      threshold(#""count": [100], "every": 0.5"#), threshold(#""percent": [100], "every": 100001"#),
      about("spike", #""factor": 2.125"#), about("forecast", #""percent": 99.999"#),
      // What has to be in order, or alike.
      plan(#""versions": [{"valid_from": "2026-02"}, {"valid_from": "2026-02"}]"#),
      plan(#""versions": [{"valid_from": "2026-03"}, {"valid_from": "2026-02"}]"#),
      plan(
        #""versions": [{"currency": "EUR", "charges": []}, {"valid_from": "2026-02-02", "prorate": true, "currency": "USD", "charges": []}]"#
      ),
      plan(
        #""versions": [{"currency": "EUR", "charges": []}, {"valid_from": "2026-02-02", "prorate": true, "currency": "EUR", "charges": [], "rounding": "invoice"}]"#
      ),
      tiers(#"[{"unit_price": "1"}, {"unit_price": "1"}]"#), tiers(#"[{"up_to": 1, "unit_price": "1"}]"#),
      tiers(#"[{"up_to": 2, "unit_price": "1"}, {"up_to": 2, "unit_price": "1"}, {"unit_price": "1"}]"#),
      // What depends on data or on how a number is written.
      plan(#""currency": "DEM", "charges": []"#), plan(#""valid_from": "2026-02-29""#), prices(#""tax_percent": 1e1"#),
      prices(#""tax_percent": 19.12345"#),
      spend(#""amount": "5", "currency": "DEM""#), spend(#""amount": "5", "basis": "projected", "min_elapsed": "28d""#),
      file(#""billing_time_zone": "Europe/Atlantis""#), rule(#""type": "stale", "after": "3654d""#),
      threshold(#""percent": [99.999]"#), threshold(#""percent": [1e2]"#), threshold(#""count": [5.0]"#),
      slack(#""quiet_hours": {"from": "22:00", "to": "22:00"}"#), slack(#""template": {"text": "{{nothing}}"}"#),
      slack(#""template": {"text": "{{#events}}"}"#), slack(#""template": {"text": {"file": "no-such-file"}}"#),
      api(#""retries": 3.0"#),
    ])
}
