import FoundationEssentials
import Synchronization
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("A template")
struct TemplateTests {
  private func decode(
    _ text: String, file: String? = nil
  ) throws -> (value: NotifierConfiguration?, issues: [ConfigurationIssue]) {
    let surroundings = ConfigurationSurroundings(readText: { _, _ in
      file.map { .success($0) } ?? .failure(UnreadableText(problem: "cannot be read"))
    })
    return try decodeConfiguration(text, among: surroundings) { $0.decoded(as: NotifierConfiguration.shape) }
  }

  private func slack(_ template: String) -> String {
    #"{"type": "slack", "url": {"env": "U"}, "template": \#(template)}"#
  }

  /// What a template makes of a message, and what was said about it.
  private func compose(
    _ configuration: String, _ message: Message, file: String? = nil
  ) throws -> (payload: [UInt8], warnings: [String]) {
    let decoded = try decode(configuration, file: file)
    #expect(decoded.issues.isEmpty)
    let warnings = Mutex<[String]>([])
    let notifier = try #require(decoded.value).notifier(
      id: NotifierID("n"), http: FakeHTTPTransport(), mail: FakeMailTransport(), programs: FakeProgramRunner(),
      secrets: FixedSecrets(), warn: { line in warnings.withLock { $0.append(line) } })
    return (try notifier.compose(message), warnings.withLock { $0 })
  }

  @Test("replaces the words of a message, and escapes what others have written for the channel")
  func replaces() throws {
    let event = Event.threshold(organizationName: "A&B <!channel> \"x\"")
    let text = "{{organization_name}}: {{{figures}}} {{& organization_name}}"
    let slack = try JSONParser.parse(try compose(slack(#"{"text": "\#(text)"}"#), .event(event)).payload)
    let shown = slack["blocks"]?.items[1]["text"]?["text"]?.string
    #expect(shown == #"A&amp;B &lt;!channel&gt; "x": 8,200 of 10,000 pages A&amp;B &lt;!channel&gt; "x""#)

    let webhook =
      #"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "template": {"body": "{\"t\": \"{{{organization_name}}}\", \"n\": {{used}} }"}}"#
    let body = try JSONParser.parse(try compose(webhook, .event(event)).payload)
    #expect(body["t"]?.string == event.organizationName)
    #expect(body["n"]?.integer == 8_200)

    let email =
      #"{"type": "email", "url": "smtps://m", "from": "a@b.c", "to": ["d@e.f"], "template": {"subject": "{{what}}\n!", "html": "<p>{{{organization_name}}}</p>"}}"#
    let mail = try JSONParser.parse(try compose(email, .event(event)).payload)
    #expect(mail["subject"]?.string == "82 % of pages used (2026-11) !")
    #expect(mail["html"]?.string == "<p>A&amp;B &lt;!channel&gt; &quot;x&quot;</p>")
  }

  @Test("loops over a group's events, and says how many are left out")
  func loops() throws {
    let template = slack(
      #"{"text": "{{headline}}{{#events}}|{{organization_id}} {{severity}}{{#is_resolved}} over{{/is_resolved}}{{^last()}},{{/last()}}{{/events}}"}"#
    )
    let message = try JSONParser.parse(try compose(template, Groups.message()).payload)
    #expect(
      message["blocks"]?.items[1]["text"]?["text"]?.string
        == "3 alerts came up in one run: 1 critical, 1 warning, 1 resolved|globex critical,|acme warning,|initech warning over"
    )
    let counting = slack(#"{"text": "{{#is_group}}{{event_count}} {{more}}{{/is_group}}"}"#)
    let many = try JSONParser.parse(try compose(counting, Groups.many(130)).payload)
    #expect(many["blocks"]?.items[1]["text"]?["text"]?.string == "130 30")
  }

  @Test("may be in a file")
  func file() throws {
    let message = try JSONParser.parse(
      try compose(slack(#"{"text": {"file": "x.mustache"}}"#), .event(.threshold()), file: "{{rule}}").payload)
    #expect(message["blocks"]?.items[1]["text"]?["text"]?.string == "pages-quota")
  }

  @Test(
    "that is broken is refused with its place and the reason",
    arguments: [
      (#"{"text": "{{#events}}x"}"#, "template.text", "a section has no end"),
      (#"{"text": "a\n{{rule"}"#, "template.text", "line 2: a tag is not finished"),
      (#"{"text": "{{#events}}{{/event}}"}"#, "template.text", "under another name"),
      (#"{"text": "{{organisation_name}}"}"#, "template.text", #"did you mean "organization_name"?"#),
      (
        #"{"text": "{{#acknowledged_until}}{{nobody_knows_this}}{{/acknowledged_until}}"}"#, "template.text",
        "is not a field"
      ),
      (#"{"text": "{{> other}}"}"#, "template.text", "partials"),
      (#"{"text": "{{=<% %>=}}"}"#, "template.text", "delimiters"),
      (#"{"text": "{{<a}}{{$b}}{{/b}}{{/a}}"}"#, "template.text", "not offered"),
      (#"{"text": ""}"#, "template.text", "empty"), (#"{"text": " \n"}"#, "template.text", "empty"),
      (#"{}"#, "template", "must have at least one of: title, text"),
      (#"{"html": "x"}"#, "template.html", "unknown key"),
      (#"{"text": 5}"#, "template.text", "expected text, found a number"),
      (#"{"text": {"path": "x"}}"#, "template.text", #""file" is missing"#),
      (#""x""#, "template", "expected an object"),
    ])
  func broken(template: String, path: String, message: String) throws {
    let decoded = try decode(slack(template))
    #expect(decoded.issues.contains { $0.path == path && $0.message.contains(message) }, "\(decoded.issues)")
  }

  @Test("of a file without words is refused, as of a pipe that nobody writes to")
  func wordless() throws {
    let issues = try decode(slack(#"{"text": {"file": "x.mustache"}}"#), file: "\n").issues
    #expect(issues.map(\.message) == ["the template is empty"])
  }

  @Test("that is nested without end is refused")
  func nested() throws {
    let deep = String(repeating: "{{#events}}", count: 2_000) + String(repeating: "{{/events}}", count: 2_000)
    #expect(try decode(slack(#"{"text": "\#(deep)"}"#)).issues.first?.message.contains("nested more than 16") == true)
  }

  @Test(
    "that could come to very much is refused before it is rendered",
    arguments: [
      "{{#events}}{{#events}}{{#events}}{{/events}}{{/events}}{{/events}}",
      "{{#events}}{{#events}}" + String(repeating: "x", count: 5_000) + "{{/events}}{{/events}}",
      "{{#events}}{{#details}}{{#events}}{{#details}}{{label}}{{/details}}{{/events}}{{/details}}{{/events}}",
      "{{# reversed(events) }}{{#events}}{{#events}}x{{/events}}{{/events}}{{/ reversed(events) }}",
      "{{^details}}{{#events}}" + String(repeating: "{{{reason}}}", count: 400) + "{{/events}}{{/details}}",
      String(repeating: "{{#events}}{{/events}}", count: 1_000),
    ])
  func excessive(template: String) throws {
    let issues = try decode(slack(#"{"text": "\#(template)"}"#)).issues
    #expect(issues.first?.message.contains("many megabytes") == true, "\(issues)")
  }

  @Test("of a page's size, with all figures of all events, is taken")
  func large() throws {
    let row = "<tr>" + String(repeating: "<td>{{what}}</td>", count: 20) + "</tr>"
    let page = String(repeating: "<p>x</p>", count: 4_000)
    let template = page + "{{#events}}\(row){{#details}}<td>{{label}}</td><td>{{value}}</td>{{/details}}{{/events}}"
    #expect(try decode(slack(#"{"text": "\#(template)"}"#)).issues.isEmpty)
  }

  @Test(
    "that makes what the service would refuse gives way to the built-in words, and says so",
    arguments: [
      (#"{"text": "{{#is_resolved}}x{{/is_resolved}}"}"#, "text is empty"),
      (#"{"text": "{{#events}}{{#events}}{{reason}} {{/events}}{{/events}}"}"#, "more than 3,000"),
      (#"{"title": "{{reason}}{{reason}}{{reason}}{{reason}}{{reason}}"}"#, "more than 150"),
    ])
  func unfit(template: String, reason: String) throws {
    let message = Groups.message((0..<60).map { _ in Event.threshold(severity: .critical) })
    let messages = reason.contains("empty") || reason.contains("150") ? Message.event(.threshold()) : message
    let composed = try compose(slack(template), messages)
    let builtIn = try NotifierConfiguration(
      SlackChannel(endpoint: WebEndpoint(url: .secret(.environment("U"))))
    ).notifier(id: NotifierID("n")).compose(messages)
    #expect(composed.payload == builtIn)
    #expect(composed.warnings.count == 1)
    #expect(composed.warnings.first?.contains(reason) == true, "\(composed.warnings)")
  }

  @Test("for JSON that makes none gives way to the built-in body")
  func unfitJSON() throws {
    let webhook =
      #"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "template": {"body": "{ {{used}} }"}}"#
    let composed = try compose(webhook, .event(.threshold()))
    #expect(composed.payload == (try MessageBody(.event(.threshold())).bytes))
    #expect(composed.warnings.first?.contains("body is not JSON") == true)
  }

  @Test(
    "leaves addresses, colours, figures and times what they are",
    arguments: [
      #""slack", "url": {"env": "U"}"#, #""teams", "url": {"env": "U"}"#, #""mattermost", "url": {"env": "U"}"#,
      #""discord", "url": {"env": "U"}"#, #""telegram", "token": {"env": "T"}, "chat_id": 1"#,
      #""ntfy", "url": "https://ntfy.sh/t""#,
      #""email", "url": "smtps://m", "from": "a@b.c", "to": ["d@e.f"]"#,
    ])
  func literals(channel: String) throws {
    var event = Event.threshold()
    event.evidence.amount = "12345678901.50"
    let configuration =
      #"{"type": \#(channel), "link": "https://example.com:8443/a?b=_(c)&d=1", "template": {"text": "{{link}}|{{color}}|{{amount}}|{{used}}|{{month}}|{{occurred_at}}"}}"#
    let text = String(decoding: try compose(configuration, .event(event)).payload, as: UTF8.self)
      .replacing("\\/", with: "/").replacing("&amp;", with: "&").replacing("%28", with: "(").replacing("%29", with: ")")
    #expect(
      text.contains(
        "https://example.com:8443/a?b=_(c)&d=1|#bc4c00|12345678901.50|8200|2026-11|\(event.occurredAt.iso8601)"),
      "\(text)")
  }

  @Test("brings nothing harmful in, whatever the names", arguments: Hostile.names)
  func hostile(name: String) throws {
    let event = Event.threshold(organizationName: name, reason: name)
    let webhook =
      #"{"type": "webhook", "url": {"env": "U"}, "secret": {"env": "S"}, "template": {"body": "{\"a\": \"{{{organization_name}}}\", \"b\": \"{{reason}}\"}"}}"#
    let composed = try compose(webhook, .event(event))
    #expect(composed.warnings.isEmpty)
    #expect(try JSONParser.parse(composed.payload).members.map(\.name) == ["a", "b"])
    let telegram =
      #"{"type": "telegram", "token": {"env": "T"}, "chat_id": 1, "template": {"text": "<b>{{organization_name}}</b>!"}}"#
    let text = try JSONParser.parse(try compose(telegram, .event(event)).payload)["text"]?.string ?? ""
    #expect(text.filter { $0 == "<" }.count == 2)
  }
}
