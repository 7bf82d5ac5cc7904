import Foundation
import Notifiers
import QuotaCore
import Testing

@testable import QuotaService

@Suite("Decoding a configuration")
struct ConfigurationDecodingTests {
  static func decode(_ text: String, directory: String = "/conf") throws -> Configuration {
    try .decode(Array(text.utf8), file: "alerts.json", directory: directory)
  }

  @Test("the server goes by the name at which people reach it, without a slash behind it")
  func publicURL() throws {
    let settings = try Self.decode(
      #"{"organizations": [{"id": "a", "api_key": {"env": "K"}}], "serve": {"hosts": ["a.example"], "public_url": "https://usage.example.com/"}}"#
    ).serve
    #expect(settings.publicURL == "https://usage.example.com")
    #expect(settings.hosts == ["a.example", "usage.example.com"])
  }

  @Test("the example that is shipped says what it seems to say")
  func example() throws {
    let configuration = try Configuration.decode(
      Project.text(of: "alerts.example.json"), file: "alerts.example.json", directory: "/conf")
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.databasePath == "/conf/quotawatch.sqlite")
    #expect(configuration.api == APIConfiguration())
    #expect(configuration.billingTimeZoneName == "UTC")
    let growth = PricePlan(name: "growth", versions: [.init(quota: Quota(pages: 10_000, conversions: 2_000))])
    #expect(configuration.plans == ["growth": growth])
    let acme = Organization(
      id: OrganizationID("acme"), name: "Acme Corp", plan: "growth", pricePlan: growth, tags: ["production"])
    let globex = Organization(
      id: OrganizationID("globex"), quota: Quota(pages: 500), notify: [NotifierID("globex-hook")])
    #expect(
      configuration.organizations == [
        ConfiguredOrganization(organization: acme, apiKey: .environment("DOCUTRAY_API_KEY_ACME")),
        ConfiguredOrganization(organization: globex, apiKey: .file("/etc/quotawatch/keys/globex")),
      ])
    let slack = NotifierID("ops-slack")
    let rules = [
      Rule(
        id: RuleID("pages-quota"),
        kind: ThresholdRule(metric: .pages, levels: [5_000, 8_000, 10_000].map(Level.percent)),
        notify: [slack, NotifierID("finance-mail")]),
      Rule(
        id: RuleID("conversions-quota"),
        kind: ThresholdRule(metric: .conversions, levels: [8_000, 10_000].map(Level.percent)), notify: [slack]),
      Rule(id: RuleID("silent"), kind: StaleRule(after: .hours(6)), notify: [slack]),
      Rule(id: RuleID("dead-key"), kind: CredentialRule(), severity: RuleSeverity(.critical), notify: [slack]),
    ]
    #expect(configuration.rules.map { String(reflecting: $0) } == rules.map { String(reflecting: $0) })
    #expect(configuration.notifiers.map(\.id.rawValue) == ["ops-slack", "finance-mail", "globex-hook"])
    #expect(
      configuration.secrets == [
        .environment("DOCUTRAY_API_KEY_ACME"), .file("/etc/quotawatch/keys/globex"), .environment("SLACK_WEBHOOK_URL"),
        .environment("SMTP_PASSWORD"), .environment("GLOBEX_WEBHOOK_SECRET"),
      ])
  }

  @Test("what is left out has the documented default")
  func defaults() throws {
    let configuration = try Self.decode(#"{"organizations": [{"id": "a", "api_key": {"env": "K"}}]}"#)
    #expect(configuration.databasePath == "/conf/quotawatch.sqlite")
    #expect(configuration.billingTimeZone == .gmt)
    #expect(configuration.billingTimeZoneName == "UTC")
    #expect(configuration.retention.thinAfterDays == 90)
    let api = configuration.api
    #expect(api.baseURL == "https://app.docutray.com")
    #expect(api.maximumConcurrentRequests == 8)
    #expect(api.requestsPerSecond == 20)
    #expect(api.timeout == .seconds(30))
    #expect(api.retries == 3)
    #expect(api.deadline == nil)
    #expect(!api.allowsPlainHTTP)
    #expect(configuration.organizations.map(\.organization) == [Organization(id: OrganizationID("a"))])
    #expect(configuration.rules.isEmpty && configuration.notifiers.isEmpty && configuration.plans.isEmpty)
  }

  @Test("every setting is taken over")
  func settings() throws {
    let configuration = try Self.decode(
      """
      {"database": "data/q.sqlite", "billing_time_zone": "Europe/Berlin", "retention": {"thin_after_days": 7},
       "api": {"base_url": "http://[::1]:8080/docutray//", "max_concurrent_requests": 1000, "requests_per_second": 10000,
               "timeout_seconds": 300, "retries": 0, "deadline_seconds": 60, "ca_file": "ca.pem", "allow_http": true},
       "organizations": [{"id": "a", "api_key": {"credential": "a"}}],
       "notifiers": {"h": {"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "ca_file": "ca.pem"}}}
      """)
    #expect(configuration.databasePath == "/conf/data/q.sqlite")
    #expect(configuration.billingTimeZone.identifier == "Europe/Berlin")
    #expect(configuration.retention.thinAfterDays == 7)
    #expect(
      configuration.api
        == APIConfiguration(
          baseURL: "http://[::1]:8080/docutray", maximumConcurrentRequests: 1_000, requestsPerSecond: 10_000,
          timeout: .seconds(300), retries: 0, deadline: .seconds(60), caFile: "/conf/ca.pem", allowsPlainHTTP: true))
    let webhook = try #require(configuration.notifiers.first).configuration
    #expect(webhook.type == .webhook && webhook.settings.contains(#""/conf/ca.pem""#))
  }

  @Test(
    "paths are relative to the file's directory",
    arguments: [
      ("q.sqlite", "/conf", "/conf/q.sqlite"), ("q.sqlite", ".", "q.sqlite"), ("../q", "conf", "conf/../q"),
      ("/var/q", "/conf", "/var/q"), ("q", "/", "/q"),
    ])
  func paths(path: String, directory: String, expected: String) throws {
    let text = #"{"database": "\#(path)", "organizations": [{"id": "a", "api_key": {"env": "K"}}]}"#
    #expect(try Self.decode(text, directory: directory).databasePath == expected)
  }

  @Test("an organization's own quota comes before its plan's, metric by metric")
  func quotas() throws {
    let configuration = try Self.decode(
      """
      {"plans": {"p": {"quota": {"pages": 100, "conversions": 10}}},
       "organizations": [{"id": "a", "api_key": {"env": "K"}, "plan": "p", "quota": {"pages": 0}}]}
      """)
    let organization = try #require(configuration.organizations.first?.organization)
    #expect(organization.quotas.all == [Quota(pages: 0, conversions: 10)])
  }

  @Test(
    "addresses of the API that requests may be sent to",
    arguments: [
      "https://app.docutray.com", "HTTPS://App.example.com:8443/prefix", "http://localhost:8080", "http://127.0.0.1",
      "http://127.9.9.9:1", "http://[::1]:65535",
    ])
  func addresses(text: String) throws {
    #expect(throws: Never.self) { try APIConfiguration.baseURL(text, allowsPlainHTTP: false).get() }
  }

  @Test(
    "addresses that are refused",
    arguments: [
      "", "app.docutray.com", "ftp://example.com", "https://", "https://user:pw@example.com",
      "https://user@example.com",
      "https://example.com/?a=b", "https://example.com/#x", "https://exa mple.com", "https://example.com:0",
      "https://example.com:99999", "https://example.com:", "http://example.com", "http://127.0.0.1.evil.com",
      "http://localhost.evil.com", "http://127.0.0.1@evil.com", "http://evil.com#127.0.0.1", "http://127.1",
      "http://[::2]", "http://0.0.0.0", "https://example.com/\u{0}",
    ])
  func refusedAddresses(text: String) throws {
    let error = #expect(throws: APIConfiguration.AddressProblem.self) {
      try APIConfiguration.baseURL(text, allowsPlainHTTP: false).get()
    }
    #expect(error?.message.contains("pw") == false)
  }

  @Test(
    "zones of the IANA database are known, abbreviations are not",
    arguments: [
      ("UTC", true), ("Etc/UTC", true), ("America/Argentina/Buenos_Aires", true), ("US/Eastern", true), ("CET", false),
      ("BST", false), ("GMT+3", false), ("+03:00", false), ("europe/berlin", false), ("Europe/Atlantis", false),
    ])
  func zones(name: String, isKnown: Bool) {
    let text = #"{"billing_time_zone": "\#(name)", "organizations": [{"id": "a", "api_key": {"env": "K"}}]}"#
    #expect((try? Self.decode(text).billingTimeZoneName) == (isKnown ? name : nil))
  }
}
