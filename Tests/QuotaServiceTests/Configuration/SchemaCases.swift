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

  static let all =
    topLevel + plans + api + organizations + secrets + rules + kinds + ruleSettings + notifiers + channels + beyond

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
  private static func flat(_ amount: String) -> String { charge(#""model": "flat", "amount": \#(amount)"#) }
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
  private static func mailbox(_ text: String) -> String {
    notifier(#""type": "email", "url": "smtps://m.example.com", "to": ["d@e.f"], "from": "\#(text)""#)
  }

  // MARK: - Cases

  private static let topLevel =
    cases(
      .accepted,
      [
        file(#""$schema": "x""#), file(#""database": "a/b.sqlite""#), file(#""billing_time_zone": "Europe/Berlin""#),
        file(#""billing_time_zone": "America/Argentina/Buenos_Aires""#), file(#""billing_time_zone": "Etc/GMT+5""#),
        file(#""plans": {}, "rules": [], "notifiers": {}, "api": {}, "retention": {}"#),
        file(#""routes": [], "default_notify": [], "breaker": {}"#),
        file(#""routes": [{"notify": []}, {"match": {}, "notify": [], "continue": true}]"#),
        file(#""routes": [{"match": {"severity": ["info", "critical"], "organizations": ["a"]}, "notify": []}]"#),
        file(#""breaker": {"enabled": false, "percent": 100, "minimum": 1, "notify": []}"#),
        file(
          #""ledger": {"give_up_after": "2d", "import": {"delimiter": ";", "columns": {"id": "ref", "ended_at": "to"}}}"#
        ),
        file(#""ledger": {"import": {"delimiter": "\t"}}"#), file(#""ledger": {}"#),
        file(
          #""reconciliation": {"tolerance": {"quantity": {"absolute": 5, "percent": 0.5, "combine": "all"}}, "plans": {}}"#
        ),
        file(#""reconciliation": {"tolerance": {"amount": {"absolute": "0.05", "percent": "1"}}}"#),
        file(#""reconciliation": {"tolerance": {"amount": {"formula": "focus", "combine": "any"}}}"#),
        file(#""heartbeat": {"env": "HEARTBEAT_URL"}"#), file(#""heartbeat": {"command": ["pass", "heartbeat"]}"#),
        file(#""retention": {"thin_after_days": 3650}"#), file(#""plans": {"p": {"quota": {"pages": 0}}, "q": {}}"#),
      ])
    + cases(
      .refused,
      [
        "[]", "7", "{}", #"{"organizations": []}"#, #"{"organizations": {}}"#, file(#""$schema": 1"#),
        file(#""$schema": """#), file(#""databse": "x""#), file(#""database": """#), file(#""database": null"#),
        file(#""database": "a\u0000b""#), file(#""database": "a\nb""#), file(#""billing_time_zone": "CEST""#),
        file(#""billing_time_zone": """#), file(#""billing_time_zone": "+01:00""#), file(#""plans": []"#),
        file(#""plans": {"a b": {}}"#), file(#""plans": {"p": 5}"#), file(#""plans": {"p": {"price": 1}}"#),
        file(#""rules": {}"#), file(#""notifiers": []"#),
        file(#""notifiers": {"": {"type": "slack", "url": {"env": "U"}}}"#),
        file(#""retention": {"thin_after_days": 0}"#), file(#""retention": {"thin_after_days": 3651}"#),
        file(#""routes": {}"#), file(#""routes": [{}]"#), file(#""routes": [{"notify": "ops"}]"#),
        file(#""routes": [{"match": {"severity": []}, "notify": []}]"#),
        file(#""routes": [{"match": {"severity": ["bad"]}, "notify": []}]"#),
        file(#""routes": [{"match": {"rule": ["r"]}, "notify": []}]"#),
        file(#""routes": [{"notify": [], "continue": 1}]"#), file(#""default_notify": "ops""#),
        file(#""breaker": {"percent": 0}"#), file(#""breaker": {"percent": 101}"#), file(#""breaker": {"minimum": 0}"#),
        file(#""breaker": {"at_least": 5}"#), file(#""breaker": true"#),
        file(#""ledger": {"give_up_after": 3}"#), file(#""ledger": {"import": {"delimiter": "ab"}}"#),
        file(#""reconciliation": {"tolerance": {"amount": {"absolute": 0.05}}}"#),
        file(#""reconciliation": {"tolerance": {"amount": {"absolute": "1", "formula": "focus"}}}"#),
        file(#""reconciliation": {"tolerance": {"quantity": {"formula": "focus"}}}"#),
        file(#""reconciliation": {"tolerance": {"quantity": {"absolute": -1}}}"#),
        file(#""reconciliation": {"tolerance": {"quantity": {"combine": "both"}}}"#), file(#""reconciliation": []"#),
        file(#""reconciliation": {"plans": {"p": {"pages": {}}}}"#),
        file(#""ledger": {"import": {"delimiter": "a"}}"#), file(#""ledger": {"import": {"columns": {"ids": "x"}}}"#),
        file(#""ledger": {"import": {"columns": {"id": ""}}}"#), file(#""ledger": {"columns": {}}"#),
        file(#""heartbeat": "https://hc-ping.com/uuid""#), file(#""heartbeat": {}"#),
        file(#""heartbeat": {"url": {"env": "H"}}"#),
        file(#""retention": {"days": 5}"#), file(#""retention": 90"#),
      ])

  private static let plans =
    cases(
      .accepted,
      [
        plan(#""quota": {"pages": 1, "conversions": 2}"#), plan(#""currency": "EUR", "charges": []"#),
        plan(#""valid_from": "2026-11""#), plan(#""valid_from": "2100-12-31", "prorate": false"#),
        prices(#""minimum": "10.00", "bill_zero_usage": false, "rounding": "invoice", "tax_percent": "19""#),
        prices(#""tax_percent": 8.25"#), prices(#""tax_percent": "100.0000""#), prices(#""tax_percent": 0"#),
        flat(#""0""#), flat(#""99.00""#), flat(#""999999999999999.123456789012""#),
        charge(#""model": "flat", "name": "Grundgebühr", "amount": "1""#),
        charge(#""model": "unit", "metric": "conversions", "unit_price": "0.02""#),
        charge(
          #""model": "volume", "metric": "pages", "tiers": [{"up_to": 5, "flat_amount": "1"}, {"unit_price": "1"}]"#),
        tiers(#"[{"unit_price": "1", "flat_amount": "2"}]"#),
        charge(#""model": "package", "metric": "pages", "package_size": 1, "package_price": "1", "free_units": 0"#),
        charge(#""model": "package", "metric": "pages", "package_size": 1000, "package_price": "1""#),
        charge(#""model": "included", "metric": "pages", "included": 0, "unit_price": "1""#),
        plan(#""versions": [{}]"#), plan(#""versions": [{"quota": {}}, {"valid_from": "2026-01"}]"#),
        plan(#""versions": [{"valid_from": "2026-01"}, {"valid_from": "2026-01-02", "prorate": true}]"#),
      ])
    + cases(
      .refused,
      [
        plan(#""currency": "EUR""#), plan(#""charges": []"#), plan(#""minimum": "1""#), plan(#""rounding": "line""#),
        plan(#""tax_percent": 1"#), plan(#""bill_zero_usage": true"#), plan(#""prorate": true"#),
        plan(#""prorate": false"#), plan(#""valid_from": "2026""#), plan(#""valid_from": "2019-12""#),
        plan(#""valid_from": "2026-13""#), plan(#""valid_from": "2026-11-32""#), plan(#""valid_from": "2026-11-00""#),
        plan(#""valid_from": 2026"#), plan(#""valid_from": "2026-11-1""#), plan(#""currency": "eur", "charges": []"#),
        plan(#""currency": "EURO", "charges": []"#), plan(#""currency": "EUR", "charges": {}"#),
        prices(#""minimum": 10"#), prices(#""minimum": "-1""#), prices(#""rounding": "lines""#),
        prices(#""bill_zero_usage": "yes""#), prices(#""tax_percent": "101""#), prices(#""tax_percent": -1"#),
        prices(#""tax_percent": "19.12345""#), prices(#""tax_percent": "1e1""#), prices(#""tax_percent": true"#),
        flat("99.00"), flat("null"), flat(#""""#), flat(#""-1""#), flat(#""+1""#), flat(#""01""#), flat(#"".5""#),
        flat(#""5.""#), flat(#""1,5""#), flat(#""1e3""#), flat(#"" 1""#), flat(#""1 ""#), flat(#""1_0""#),
        flat(#""1000000000000000""#), flat(#""0.1234567890123""#), flat(#""1.5.0""#),
        charge(""), charge(#""model": "free""#), charge(#""model": "flat""#), charge(#""amount": "1""#),
        charge(#""model": "flat", "amount": "1", "metric": "pages""#),
        charge(#""model": "flat", "amount": "1", "name": """#),
        charge(#""model": "flat", "amount": "1", "name": "a\nb""#),
        charge(#""model": "unit", "unit_price": "1""#), charge(#""model": "unit", "metric": "pages""#),
        charge(#""model": "unit", "metric": "page", "unit_price": "1""#),
        charge(#""model": "graduated", "metric": "pages""#), tiers("[]"), tiers("{}"), tiers("[{}]"),
        tiers(#"[{"up_to": 0, "unit_price": "1"}, {"unit_price": "1"}]"#), tiers(#"[{"unit_price": 1}]"#),
        tiers(#"[{"up_to": 1.5, "unit_price": "1"}, {"unit_price": "1"}]"#),
        tiers(#"[{"unit_price": "1", "price": "1"}]"#),
        charge(#""model": "package", "metric": "pages", "package_size": 0, "package_price": "1""#),
        charge(#""model": "package", "metric": "pages", "package_price": "1""#),
        charge(#""model": "package", "metric": "pages", "package_size": 1, "package_price": "1", "free_units": -1"#),
        charge(#""model": "included", "metric": "pages", "unit_price": "1""#),
        plan(#""versions": []"#), plan(#""versions": {}"#), plan(#""versions": [{}], "quota": {}"#),
        plan(#""versions": [{}, {}]"#), plan(#""versions": [{"versions": [{}]}]"#), plan(#""versions": [7]"#),
      ])

  private static let api =
    cases(
      .accepted,
      [
        api(#""max_concurrent_requests": 1, "requests_per_second": 1, "timeout_seconds": 1, "retries": 0"#),
        api(#""max_concurrent_requests": 1000, "requests_per_second": 10000, "timeout_seconds": 300, "retries": 10"#),
        api(#""deadline_seconds": 10"#), api(#""ca_file": "ca.pem""#), api(#""base_url": "https://a.example.com""#),
        api(#""base_url": "HTTPS://A.example.com:8443/x/y/""#), api(#""base_url": "http://localhost:80""#),
        api(#""base_url": "http://127.0.0.255""#), api(#""base_url": "http://[::1]:65535""#),
        api(#""base_url": "http://a.example.com", "allow_http": true"#), api(#""base_url": "https://[fe80::1]""#),
      ])
    + cases(
      .refused,
      [
        api(#""max_concurrent_requests": 0"#), api(#""max_concurrent_requests": 1001"#), api(#""retries": -1"#),
        api(#""requests_per_second": 100001"#), api(#""requests_per_second": 0.5"#), api(#""timeout_seconds": 301"#),
        api(#""timeout_seconds": "30""#), api(#""deadline_seconds": 9"#), api(#""deadline_seconds": 86401"#),
        api(#""retries": 11"#), api(#""ca_file": """#), api(#""allow_http": "yes""#), api(#""timeout": 3"#),
        api(#""base_url": "a.example.com""#), api(#""base_url": "ftp://a.example.com""#),
        api(#""base_url": "https://""#),
        api(#""base_url": "https://u:p@a.example.com""#), api(#""base_url": "https://a.example.com/@""#),
        api(#""base_url": "https://a.example.com?x""#), api(#""base_url": "https://a.example.com#x""#),
        api(#""base_url": "https://a.example.com:0""#), api(#""base_url": "https://a.example.com:65536""#),
        api(#""base_url": "https://a.example.com:""#), api(#""base_url": "https://a b""#),
        api(#""base_url": "https://.a""#), api(#""base_url": "https://a..b""#), api(#""base_url": "https://[x]""#),
        api(#""base_url": "http://a.example.com""#), api(#""base_url": "http://a.example.com", "allow_http": false"#),
        api(#""base_url": "http://127.0.0.1.evil.com""#), api(#""base_url": "http://127.0.0.256""#),
        api(#""base_url": "http://127.0.1""#), api(#""base_url": "http://localhost.evil.com""#),
        api(#""base_url": "http://[::2]""#), api(#""base_url": "https://é.example.com""#), api(#""base_url": 1"#),
      ])

  private static let organizations =
    cases(
      .accepted,
      [
        organization(#""name": "Größe & Söhne""#), organization(#""plan": "p""#), organization(#""quota": {}"#),
        organization(#""quota": {"pages": 0, "conversions": 1000000000000000}"#), organization(#""tags": ["a", "b"]"#),
        organization(#""webhook_secret": {"file": "hook"}"#),
        organization(#""tags": []"#), organization(#""notify": ["n"]"#), organization(#""notify": []"#),
      ])
    + cases(
      .refused,
      [
        #"{"organizations": [7]}"#, #"{"organizations": [{}]}"#, #"{"organizations": [{"id": "a"}]}"#,
        #"{"organizations": [{"api_key": {"env": "K"}}]}"#, #"{"organizations": [{"id": 5, "api_key": {"env": "K"}}]}"#,
        #"{"organizations": [{"id": "a b", "api_key": {"env": "K"}}]}"#,
        #"{"organizations": [{"id": "a..b", "api_key": {"env": "K"}}]}"#,
        #"{"organizations": [{"id": "-a", "api_key": {"env": "K"}}]}"#,
        organization(#""name": """#), organization(#""name": "a\u0007""#), organization(#""name": 7"#),
        organization(#""plan": """#), organization(#""plan": ["p"]"#), organization(#""quota": 5"#),
        organization(#""quota": {"pages": -1}"#), organization(#""quota": {"pages": 1000000000000001}"#),
        organization(#""quota": {"pages": null}"#), organization(#""quota": {"page": 1}"#),
        organization(#""tags": "a""#), organization(#""tags": ["a", "a"]"#), organization(#""tags": ["a b"]"#),
        organization(#""notify": "n""#), organization(#""notify": ["n", "n"]"#), organization(#""notify": [1]"#),
        organization(#""enabled": true"#), organization(#""webhook_secret": "s""#),
      ])

  private static let secrets =
    cases(
      .accepted,
      [
        secret(#"{"env": "_A1"}"#), secret(#"{"file": "keys/a b"}"#), secret(#"{"command": ["pass", "show", "a"]}"#),
        secret(#"{"credential": "a.b"}"#), secret(#"{"credential": "..."}"#),
      ])
    + cases(
      .refused,
      [
        secret(#""dt_literal""#), secret("{}"), secret("null"), secret(#"["env", "K"]"#),
        secret(#"{"env": "K", "file": "k"}"#), secret(#"{"env": "1K"}"#), secret(#"{"env": "K-K"}"#),
        secret(#"{"env": ""}"#), secret(#"{"env": 5}"#), secret(#"{"file": ""}"#), secret(#"{"file": []}"#),
        secret(#"{"command": "pass"}"#), secret(#"{"command": []}"#), secret(#"{"command": ["pass", ""]}"#),
        secret(#"{"command": ["pass", 1]}"#), secret(#"{"credential": "a/b"}"#), secret(#"{"credential": ".."}"#),
        secret(#"{"credential": "."}"#), secret(#"{"credential": ""}"#), secret(#"{"vault": "x"}"#),
        secret(#"{"env": "K", "x": 1}"#),
      ])

  private static let rules =
    cases(
      .accepted,
      [
        threshold(#""percent": [50, 80.5, 99.99, 100000, 0.01]"#), threshold(#""count": [1, 1000000000000000]"#),
        threshold(#""percent": [50], "count": [5]"#), threshold(#""percent": [100], "every": 10"#),
        threshold(#""every": 1000"#), threshold(#""every": "2.5%""#), threshold(#""percent": [100], "every": 0.5"#),
        threshold(#""percent": [50], "severity": "info", "notify": []"#), rule(#""type": "credential""#),
        rule(#""type": "stale", "after": "30s""#), rule(#""type": "stale", "after": "3653d""#),
        rule(#""type": "credential", "severity": "critical""#), spend(#""amount": "500.00""#),
        spend(#""amount": "0.000000000001", "currency": "KWD", "basis": "used", "for": "1d""#),
        spend(#""amount": "5", "basis": "projected", "min_elapsed": "27d", "for": 3, "remind_every": "1d""#),
      ])
    + cases(
      .refused,
      [
        file(#""rules": [7]"#), file(#""rules": [{"type": "credential"}]"#), rule(#""type": "forecat""#),
        rule(#""severity": "info""#), rule(#""type": 5"#), rule(#""type": "credential", "after": "6h""#),
        rule(#""type": "credential", "severity": "fatal""#), rule(#""type": "credential", "notify": "n""#),
        rule(#""type": "stale""#), rule(#""type": "stale", "after": "6 h""#), rule(#""type": "stale", "after": 6"#),
        rule(#""type": "stale", "after": "0h""#), rule(#""type": "stale", "after": "06h""#),
        rule(#""type": "stale", "after": "1w""#), threshold(#""severity": "info""#),
        threshold(#""percent": []"#), threshold(#""percent": 50"#), threshold(#""percent": [50], "count": []"#),
        threshold(#""percent": [0]"#), threshold(#""percent": [-5]"#), threshold(#""percent": [100000.5]"#),
        threshold(#""percent": ["50"]"#), threshold(#""percent": [50, 50]"#), threshold(#""percent": [50, 50.0]"#),
        threshold(#""count": [0]"#), threshold(#""count": [1.5]"#), threshold(#""count": [1000000000000001]"#),
        threshold(#""count": [5, 5]"#), threshold(#""percent": [50], "every": [5]"#), threshold(#""every": 0"#),
        threshold(#""every": -1"#), threshold(#""every": "0%""#), threshold(#""every": "10 %""#),
        threshold(#""every": "10""#), threshold(#""every": "1.125%""#), threshold(#""every": null"#),
        spend(#""currency": "EUR""#), spend(#""amount": 500"#), spend(#""amount": "0""#), spend(#""amount": "0.00""#),
        spend(#""amount": "-5""#), spend(#""amount": "1e3""#), spend(#""amount": "5", "currency": "eur""#),
        spend(#""amount": "5", "currency": 978"#), spend(#""amount": "5", "basis": "expected""#),
        spend(#""amount": "5", "min_elapsed": "3d""#), spend(#""amount": "5", "basis": "used", "min_elapsed": "3d""#),
        spend(#""amount": "5", "basis": "projected", "min_elapsed": 3"#), spend(#""amount": "5", "metric": "pages""#),
        rule(#""type": "threshold", "percent": [50]"#),
        rule(#""type": "threshold", "metric": "page", "percent": [50]"#),
      ])

  private static let kinds =
    cases(
      .accepted,
      [
        about("forecast", ""), about("forecast", #""percent": 99.5, "min_elapsed": "27d", "for": "1h""#),
        about("spike", ""),
        about("spike", #""window": "7d", "factor": 1.01, "baseline": "35d", "minimum": 1"#),
        about("spike", #""window": "60m", "factor": 1000, "baseline": "168h""#),
        rule(#""type": "idle", "after": "1h""#), rule(#""type": "idle", "after": "90d", "metric": "conversions""#),
        rule(#""type": "correction""#), rule(#""type": "correction", "metric": "pages", "severity": "info""#),
        rule(#""type": "duplicate_key""#), rule(#""type": "duplicate_key", "for": "2d", "remind_every": "7d""#),
      ])
    + cases(
      .refused,
      [
        rule(#""type": "forecast""#), about("forecast", #""percent": [100]"#), about("forecast", #""percent": 0"#),
        about("forecast", #""percent": 100001"#), about("forecast", #""min_elapsed": 3"#),
        about("forecast", #""count": 5"#), rule(#""type": "spike""#), about("spike", #""factor": 1"#),
        about("spike", #""factor": 1001"#), about("spike", #""factor": "3""#), about("spike", #""minimum": 0"#),
        about("spike", #""baseline": 7"#), about("spike", #""window": "1w""#), about("spike", #""percent": 5"#),
        rule(#""type": "idle""#), rule(#""type": "idle", "after": 6"#),
        rule(#""type": "idle", "after": "6h", "metric": "page""#), rule(#""type": "correction", "after": "6h""#),
        rule(#""type": "correction", "metric": null"#), rule(#""type": "correction", "for": 2"#),
        rule(#""type": "correction", "remind_every": "1d""#), rule(#""type": "duplicate_key", "metric": "pages""#),
        rule(#""type": "duplicateKey""#),
      ])

  private static let ruleSettings =
    cases(
      .accepted,
      [
        credential(#""severity": {}"#), credential(#""severity": {"default": "critical"}"#),
        threshold(#""percent": [80], "severity": {"default": "info", "80%": "warning", "5000": "critical"}"#),
        credential(#""for": 1"#), credential(#""for": 1000"#), credential(#""for": "30m""#),
        credential(#""remind_every": "1d""#), credential(#""enabled": false"#),
        credential(#""applies_to": {"organizations": ["a"]}"#),
        credential(#""applies_to": {"organizations": ["a"], "tags": []}, "except": {"organizations": ["a"]}"#),
      ])
    + cases(
      .refused,
      [
        credential(#""severity": {"default": "fatal"}"#), credential(#""severity": {"high": "info"}"#),
        credential(#""severity": {"80 %": "info"}"#), credential(#""severity": {"0": "info"}"#),
        credential(#""severity": ["info"]"#), credential(#""for": 0"#), credential(#""for": 1001"#),
        credential(#""for": 1.5"#), credential(#""for": "5""#), credential(#""for": null"#),
        credential(#""remind_every": 5"#), credential(#""remind_every": "0h""#), credential(#""enabled": "yes""#),
        credential(#""applies_to": {}"#), credential(#""applies_to": "a""#), credential(#""applies_to": ["a"]"#),
        credential(#""applies_to": {"organizations": []}"#), credential(#""except": {"organizations": "a"}"#),
        credential(#""except": {"names": ["a"]}"#), credential(#""except": {"organizations": ["a b"]}"#),
      ])

  private static let notifiers =
    cases(
      .accepted,
      [
        notifier(#""type": "slack", "url": {"env": "U"}, "allow_http": true, "ca_file": "x""#),
        webhook(#""url": "https://h.example.com/a?b=c#d""#), webhook(#""url": {"file": "u"}"#),
        webhook(#""url": "http://127.0.0.1:8080/x""#), webhook(#""url": "http://h.example.com", "allow_http": true"#),
        webhook(#""url": "https://h", "headers": {"Authorization": {"env": "A"}, "X-a_b": {"file": "f"}}"#),
        notifier(#""type": "webhook", "url": "https://h", "secret": [{"env": "A"}]"#),
        notifier(#""type": "webhook", "url": "https://h", "secret": [{"env": "A"}, {"env": "B"}]"#),
        email(#""url": "smtp+starttls://m.example.com:587""#), email(#""url": "smtps://m.example.com""#),
        email(#""url": "smtp://localhost:25""#), email(#""url": {"env": "M"}"#),
        email(#""url": "smtp://m.example.com", "allow_plain": true"#),
        email(#""url": "smtps://m", "username": "u", "password": {"env": "P"}, "ca_file": "x""#),
        mailbox("finance@example.com"), mailbox("Finance <finance@example.com>"), mailbox("<finance@example.com>"),
        mailbox(#"\"Finance, Inc.\" <f.o'x+y@mail.example.com>"#), mailbox("Größe <a@b>"),
      ])
    + cases(
      .refused,
      [
        notifier(#""url": {"env": "U"}"#), notifier(#""type": "fax""#), file(#""notifiers": {"n": "slack"}"#),
        notifier(#""type": "slack""#), notifier(#""type": "slack", "url": "https://hooks.slack.com/x""#),
        notifier(#""type": "slack", "url": {"env": "U"}, "channel": "x""#),
        notifier(#""type": "slack", "url": {"env": "U"}, "allow_http": 1"#),
        notifier(#""type": "slack", "url": {"env": "U"}, "ca_file": """#),
        webhook(#""ca_file": "x""#), webhook(#""url": "h.example.com""#), webhook(#""url": "http://h.example.com""#),
        webhook(#""url": "https://u:p@h""#), webhook(#""url": "https://h/a b""#), webhook(#""url": "https://h/é""#),
        webhook(#""url": "http://127.0.0.1.evil.com""#), webhook(#""url": """#), webhook(#""url": 5"#),
        notifier(#""type": "webhook", "url": "https://h""#), webhook(#""url": "https://h", "body": "x""#),
        notifier(#""type": "webhook", "url": "https://h", "secret": "whsec_x""#),
        notifier(#""type": "webhook", "url": "https://h", "secret": []"#),
        notifier(#""type": "webhook", "url": "https://h", "secret": [{"env": "A"}, {"env": "B"}, {"env": "C"}]"#),
        webhook(#""url": "https://h", "headers": {"A": "literal"}"#), webhook(#""url": "https://h", "headers": []"#),
        webhook(#""url": "https://h", "headers": {"A B": {"env": "A"}}"#),
        webhook(#""url": "https://h", "headers": {"": {"env": "A"}}"#),
        webhook(#""url": "https://h", "headers": {"hOst": {"env": "A"}}"#),
        webhook(#""url": "https://h", "headers": {"Webhook-Id": {"env": "A"}}"#),
        webhook(#""url": "https://h", "headers": {"CONTENT-TYPE": {"env": "A"}}"#),
        email(#""url": "smtp://m.example.com""#), email(#""url": "smtp://127.0.0.1.evil.com""#),
        email(#""url": "https://m.example.com""#), email(#""url": "smtps://u@m.example.com""#),
        email(#""url": "smtps://m/path""#), email(#""url": "SMTPS://m""#), email(#""url": "smtps://m:99999""#),
        email(#""username": "u""#), email(#""url": "smtps://m", "username": "u""#),
        email(#""url": "smtps://m", "password": {"env": "P"}"#),
        email(#""url": "smtps://m", "username": "a\nb", "password": {"env": "P"}"#),
        email(#""url": "smtps://m", "username": "u", "password": "literal""#), email(#""url": "smtps://m", "cc": []"#),
        notifier(#""type": "email", "url": "smtps://m", "from": "a@b.c", "to": []"#),
        notifier(#""type": "email", "url": "smtps://m", "from": "a@b.c", "to": "d@e.f""#),
        notifier(#""type": "email", "url": "smtps://m", "from": "a@b.c", "to": ["d@e.f", "d@e.f"]"#),
        notifier(#""type": "email", "url": "smtps://m", "to": ["d@e.f"]"#),
        mailbox("finance"), mailbox("@example.com"), mailbox("a@"), mailbox("a@b@c"), mailbox("a b@c"), mailbox("a@-b"),
        mailbox("a@b..c"), mailbox(".a@b"), mailbox("a@b>"), mailbox("A <a@b"), mailbox("A < a@b>"),
        mailbox("A <B> <a@b>"),
        mailbox(#"a\\b <a@b>"#), mailbox(#"A\nBcc: x <a@b>"#), mailbox("A\u{202E} <a@b>"), mailbox("é@b"), mailbox(""),
      ])

  private static func slack(_ members: String) -> String {
    notifier(#""type": "slack", "url": {"env": "U"}, \#(members)"#)
  }

  private static let channels =
    cases(
      .accepted,
      [
        notifier(#""type": "teams", "url": {"env": "U"}"#), notifier(#""type": "discord", "url": {"file": "u"}"#),
        notifier(#""type": "mattermost", "url": {"env": "U"}, "allow_http": true"#),
        notifier(#""type": "webhook", "url": "https://x.example", "secret": {"env": "S"}, "fallback_notify": []"#),
        notifier(#""type": "pagerduty", "routing_key": {"env": "K"}, "quiet_hours": {"from": "22:00", "to": "06:30"}"#),
        notifier(
          #""type": "pagerduty", "routing_key": {"env": "K"}, "url": "https://events.eu.pagerduty.com/v2/enqueue""#),
        notifier(#""type": "opsgenie", "api_key": {"env": "K"}, "url": {"env": "U"}, "ca_file": "x""#),
        notifier(#""type": "telegram", "token": {"env": "T"}, "chat_id": -1001234567890, "thread_id": 1"#),
        notifier(#""type": "telegram", "token": {"env": "T"}, "chat_id": "@example""#),
        notifier(#""type": "ntfy", "url": "https://ntfy.sh/a-b_1", "token": {"env": "T"}"#),
        notifier(
          #""type": "command", "command": ["tell", "-x"], "timeout_seconds": 300, "environment": {"_A": {"env": "B"}}"#),
        slack(#""organization": "a", "send_resolved": false, "group_above": 1, "max_messages": 10000"#),
        slack(#""digest": {"at": "09:00", "days": ["mon", "fri"]}, "time_zone": "Europe/Berlin""#),
        slack(#""quiet_hours": {"from": "00:00", "to": "23:59", "days": ["sun"]}"#),
        slack(#""template": {"title": "{{subject}}", "text": "{{#events}}{{what}} {{/events}}"}"#),
      ])
    + cases(
      .refused,
      [
        notifier(#""type": "teams", "url": "https://x.example""#), notifier(#""type": "discord""#),
        notifier(#""type": "webhook", "url": "https://x.example", "secret": {"env": "S"}, "fallback_notify": "ops""#),
        notifier(#""type": "mattermost", "url": {"env": "U"}, "channel": "x""#), notifier(#""type": "pagerduty""#),
        notifier(#""type": "pagerduty", "routing_key": "x""#),
        notifier(#""type": "pagerduty", "routing_key": {"env": "K"}, "url": "http://x.example""#),
        notifier(#""type": "pagerduty", "routing_key": {"env": "K"}, "digest": {"at": "09:00"}"#),
        notifier(#""type": "opsgenie", "api_key": {"env": "K"}, "group_above": 5"#),
        notifier(#""type": "telegram", "token": {"env": "T"}"#),
        notifier(#""type": "telegram", "token": {"env": "T"}, "chat_id": "example""#),
        notifier(#""type": "telegram", "token": {"env": "T"}, "chat_id": 1.5"#),
        notifier(#""type": "telegram", "token": {"env": "T"}, "chat_id": 1, "thread_id": 0"#),
        notifier(#""type": "ntfy", "url": "https://ntfy.sh""#),
        notifier(#""type": "ntfy", "url": "https://ntfy.sh/a/b""#),
        notifier(#""type": "command", "command": "tell""#), notifier(#""type": "command", "command": []"#),
        notifier(#""type": "command", "command": ["a"], "timeout_seconds": 301"#),
        notifier(#""type": "command", "command": ["a"], "environment": {"1A": {"env": "B"}}"#),
        notifier(#""type": "command", "command": ["a"], "environment": {"QUOTAWATCH_A": {"env": "B"}}"#),
        notifier(#""type": "command", "command": ["a"], "environment": {"A": "literal"}"#),
        slack(#""organization": "a b""#), slack(#""send_resolved": 1"#), slack(#""group_above": 0"#),
        slack(#""max_messages": 10001"#), slack(#""digest": {}"#), slack(#""digest": {"at": "9:00"}"#),
        slack(#""digest": {"at": "24:00"}"#), slack(#""digest": {"at": "09:00", "days": []}"#),
        slack(#""digest": {"at": "09:00", "days": ["monday"]}"#),
        slack(#""digest": {"at": "09:00", "days": ["mon", "mon"]}"#),
        slack(#""quiet_hours": {"from": "22:00"}"#), slack(#""time_zone": "CET""#), slack(#""template": {}"#),
        slack(#""template": {"body": "x"}"#), slack(#""template": {"text": ""}"#), slack(#""template": {"text": {}}"#),
        slack(#""template": "x""#),
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
