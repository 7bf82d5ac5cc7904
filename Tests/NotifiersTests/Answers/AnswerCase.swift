import QuotaCore
import TestSupport
import Testing

/// An answer of a service, and what has to be made of it.
struct AnswerCase: Sendable, CustomTestStringConvertible {
  enum Kind { case delivered, remarked, passes, message, channel }

  let service: TestedService
  let status: Int
  let body: String
  let headers: [(name: String, value: String)]
  let kind: Kind
  /// What the outcome has to say.
  let words: String
  let wait: TimeSpan?

  init(_ service: TestedService, _ status: Int, _ kind: Kind, _ words: String = "", wait: TimeSpan? = nil) {
    self.init(service, status, "", kind, words, wait: wait)
  }

  init(
    _ service: TestedService, _ status: Int, _ body: String, _ kind: Kind, _ words: String = "", wait: TimeSpan? = nil
  ) {
    self.init(service, status, body, [], kind, words, wait: wait)
  }

  init(
    _ service: TestedService, _ status: Int, _ body: String, _ headers: [(name: String, value: String)], _ kind: Kind,
    _ words: String = "", wait: TimeSpan? = nil
  ) {
    self.service = service
    self.status = status
    self.body = body
    self.headers = headers
    self.kind = kind
    self.words = words
    self.wait = wait
  }

  var testDescription: String { "\(service.kind) \(status) \(body.prefix(60))" }

  var answer: ScriptedAnswer { .http(status, headers, text: body) }

  func expect(_ outcome: SendOutcome) {
    let found: (kind: Kind, words: String, wait: TimeSpan?) =
      switch outcome {
      case .delivered(let answer, nil): (.delivered, answer, nil)
      case .delivered(_, let remark?): (.remarked, remark, nil)
      case .retryable(let reason, let wait): (.passes, reason, wait)
      case .deferred(_, let answer, _): (.passes, answer, nil)
      case .unknown(let reason): (.passes, reason, nil)
      case .rejected(let reason): (.message, reason, nil)
      case .channelDead(let reason): (.channel, reason, nil)
      }
    #expect(found.kind == kind, "\(outcome)")
    #expect(found.words.contains(words), "\(outcome)")
    if kind == .passes { #expect(found.wait == wait, "\(outcome)") }
  }
}

extension AnswerCase {
  private static let html = [(name: "Content-Type", value: "text/html; charset=utf-8")]

  static let slack = [
    AnswerCase(.slack, 200, "ok", html, .delivered, "ok"),
    AnswerCase(.slack, 200, "\u{FEFF}ok\r\n", .delivered),
    AnswerCase(.slack, 200, "", .remarked, "Slack usually answers \"ok\""),
    AnswerCase(.slack, 200, "thanks", .remarked, "look whether it has arrived"),
    AnswerCase(.slack, 200, #"{"ok":false,"error":"channel_is_archived"}"#, .channel, "bring it back in Slack"),
    AnswerCase(.slack, 200, #"{"ok":false,"error":"msg_too_long"}"#, .message),
    AnswerCase(.slack, 200, #"{"ok":false,"error":"something_new"}"#, .passes, "something_new"),
    AnswerCase(.slack, 200, "no_service", html, .channel),
    AnswerCase(
      .slack, 404, "no_service", html, .channel,
      "make a new one and put its address into \"url\" (environment variable URL)"),
    AnswerCase(.slack, 404, "no_team", .channel), AnswerCase(.slack, 404, "channel_not_found", .channel),
    AnswerCase(.slack, 410, "channel_is_archived", html, .channel, "archived"),
    AnswerCase(.slack, 410, .channel, "gone"),
    AnswerCase(.slack, 403, "action_prohibited", .channel, "administrator"),
    AnswerCase(.slack, 400, "user_not_found", .channel),
    AnswerCase(.slack, 400, "invalid_payload", html, .message, "notify preview"),
    AnswerCase(.slack, 400, "no_text", .message), AnswerCase(.slack, 400, "too_many_attachments", .message),
    AnswerCase(.slack, 400, "invalid_blocks_format", .message), AnswerCase(.slack, 413, .message),
    AnswerCase(.slack, 404, "", .passes), AnswerCase(.slack, 500, "rollup_error", .passes),
    AnswerCase(.slack, 429, "rate_limited", [("Retry-After", "30")], .passes, wait: .seconds(30)),
    AnswerCase(.slack, 503, "<html><title>Slack is down</title></html>", .passes, "an HTML page"),
  ]

  static let teams = [
    AnswerCase(.teams, 202, .delivered), AnswerCase(.teams, 200, "1", .delivered),
    AnswerCase(.teams, 200, "done", .remarked, "Teams usually answers nothing (202)"),
    AnswerCase(
      .teams, 200,
      "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x",
      .passes, "429", wait: .minutes(1)),
    AnswerCase(
      .teams, 200,
      "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with C",
      .message, "too large"),
    AnswerCase(
      .teams, 200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 404",
      .channel),
    AnswerCase(
      .teams, 200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 500",
      .passes),
    AnswerCase(.teams, 200, "Summary or Text is required.", .message),
    AnswerCase(.teams, 200, "Bad payload received by generic incoming webhook.", .message),
    AnswerCase(.teams, 200, #"{"error":{"code":"WorkflowNotFound","message":"gone"}}"#, .channel),
    AnswerCase(.teams, 404, #"{"error":{"code":"WorkflowNotFound","message":"x"}}"#, .channel, "deleted"),
    AnswerCase(
      .teams, 400, #"{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"state 'Suspended'"}}"#, .channel,
      "switch it on"),
    AnswerCase(.teams, 401, #"{"error":{"code":"DirectApiAuthorizationRequired"}}"#, .channel, "signature"),
    AnswerCase(.teams, 400, #"{"error":{"code":"TriggerInputSchemaMismatch"}}"#, .message),
    AnswerCase(.teams, 410, .channel), AnswerCase(.teams, 413, .message),
    AnswerCase(.teams, 429, .passes, wait: .minutes(1)),
    AnswerCase(.teams, 502, #"{"error":{"code":"NoResponse"}}"#, .passes),
  ]

  static let discord = [
    AnswerCase(.discord, 204, "", html, .delivered), AnswerCase(.discord, 200, #"{"id":"1","content":""}"#, .delivered),
    AnswerCase(.discord, 200, "yes", .remarked),
    AnswerCase(.discord, 404, #"{"message":"Unknown Webhook","code":10015}"#, .channel, "was deleted"),
    AnswerCase(.discord, 404, .channel), AnswerCase(.discord, 410, .channel),
    AnswerCase(.discord, 401, #"{"message":"Invalid Webhook Token","code":50027}"#, .channel),
    AnswerCase(.discord, 403, #"{"message":"Missing Permissions","code":50013}"#, .channel),
    AnswerCase(.discord, 403, #"{"message":"internal network error","code":40333}"#, .passes),
    AnswerCase(.discord, 403, "<!DOCTYPE html><title>Access denied</title>", html, .passes, "an HTML page"),
    AnswerCase(.discord, 400, #"{"message":"Invalid Form Body","code":50035,"errors":{"embeds":["x"]}}"#, .message),
    AnswerCase(.discord, 400, #"{"message":"…","code":220001}"#, .channel, "forum"),
    AnswerCase(.discord, 413, .message),
    AnswerCase(
      .discord, 429, #"{"message":"limited","retry_after":64.57,"global":true}"#, [("Retry-After", "5")], .passes,
      wait: .seconds(65)),
    AnswerCase(.discord, 429, "error code: 1015", [("Retry-After", "3600")], .passes, wait: .hours(1)),
    AnswerCase(.discord, 500, .passes),
  ]

  static let mattermost = [
    AnswerCase(.mattermost, 200, "ok", .delivered), AnswerCase(.mattermost, 200, "", .remarked),
    AnswerCase(
      .mattermost, 400,
      #"{"id":"web.incoming_webhook.invalid.app_error","message":"Invalid webhook","status_code":400}"#,
      .channel, "was deleted"),
    AnswerCase(.mattermost, 400, #"{"id":"web.incoming_webhook.text.app_error","status_code":400}"#, .message),
    AnswerCase(.mattermost, 403, #"{"id":"web.incoming_webhook.permissions.app_error","status_code":403}"#, .channel),
    AnswerCase(.mattermost, 404, #"{"id":"web.incoming_webhook.channel.app_error","status_code":404}"#, .channel),
    AnswerCase(
      .mattermost, 501, #"{"id":"web.incoming_webhook.disabled.app_error","status_code":501}"#, .channel,
      "System Console"),
    AnswerCase(.mattermost, 410, .channel), AnswerCase(.mattermost, 413, .message),
    AnswerCase(.mattermost, 502, .passes),
    AnswerCase(.mattermost, 404, "<html><body>not here</body></html>", .passes, "an HTML page"),
    AnswerCase(.mattermost, 429, "limit exceeded", [("X-RateLimit-Reset", "9")], .passes, wait: .seconds(9)),
  ]

  static let telegram = [
    AnswerCase(.telegram, 200, #"{"ok":true,"result":{}}"#, .delivered),
    AnswerCase(.telegram, 200, #"{"result":{}}"#, .remarked),
    AnswerCase(
      .telegram, 200, #"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#, .channel
    ),
    AnswerCase(
      .telegram, 200, #"{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":11}}"#, .passes,
      wait: .seconds(11)),
    AnswerCase(.telegram, 200, #"{"ok":false,"description":"what is new"}"#, .passes),
    AnswerCase(
      .telegram, 403, #"{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the group chat"}"#,
      .channel),
    AnswerCase(
      .telegram, 400, #"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#, .channel,
      "\"chat_id\""),
    AnswerCase(
      .telegram, 400,
      #"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567891}}"#,
      .channel, "its new number is -1001234567891"),
    AnswerCase(
      .telegram, 400,
      #"{"ok":false,"error_code":400,"description":"Bad Request: group chat was migrated to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567891}}"#,
      .channel, "its new number is -1001234567891"),
    AnswerCase(
      .telegram, 400, #"{"ok":false,"error_code":400,"description":"Bad Request: CHAT_ADMIN_REQUIRED"}"#, .channel),
    AnswerCase(
      .telegram, 400, #"{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities: x"}"#, .message),
    AnswerCase(
      .telegram, 400, #"{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}"#, .message),
    AnswerCase(
      .telegram, 401, #"{"ok":false,"error_code":401,"description":"Unauthorized"}"#, .channel,
      "\"token\" (environment variable TOKEN)"),
    AnswerCase(.telegram, 404, #"{"ok":false,"error_code":404,"description":"Not Found"}"#, .channel, "BotFather"),
    AnswerCase(.telegram, 404, "<html>nginx</html>", .passes),
    AnswerCase(
      .telegram, 429,
      #"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":35}}"#,
      .passes, wait: .seconds(35)),
    AnswerCase(.telegram, 429, .passes, wait: .seconds(30)), AnswerCase(.telegram, 502, .passes),
  ]

  static let ntfy = [
    AnswerCase(.ntfy, 200, #"{"id":"x","event":"message"}"#, .delivered), AnswerCase(.ntfy, 200, "ok", .remarked),
    AnswerCase(
      .ntfy, 401, #"{"code":40101,"http":401,"error":"unauthorized"}"#, .channel,
      "\"token\" (environment variable TOKEN)"),
    AnswerCase(.ntfy, 403, #"{"code":40301,"http":403,"error":"forbidden"}"#, .channel),
    AnswerCase(.ntfy, 400, #"{"code":40009,"http":400,"error":"invalid request: topic invalid"}"#, .channel),
    AnswerCase(.ntfy, 400, #"{"code":40024,"http":400,"error":"invalid request"}"#, .message),
    AnswerCase(.ntfy, 413, #"{"code":41303,"http":413,"error":"JSON body too large"}"#, .message),
    AnswerCase(.ntfy, 429, #"{"code":42901,"http":429,"error":"limit reached"}"#, .passes, wait: .seconds(5)),
    AnswerCase(.ntfy, 429, #"{"code":42908,"http":429,"error":"limit reached"}"#, .passes, "today", wait: .seconds(5)),
    AnswerCase(.ntfy, 507, .passes), AnswerCase(.ntfy, 404, #"{"code":40401,"http":404}"#, .channel),
    AnswerCase(.ntfy, 200, #"{"code":40301,"http":403,"error":"forbidden"}"#, .channel),
  ]

  static let pagerDuty = [
    AnswerCase(.pagerDuty, 202, #"{"status":"success","message":"Event processed","dedup_key":"x"}"#, .delivered),
    AnswerCase(.pagerDuty, 202, "", .remarked),
    AnswerCase(.pagerDuty, 202, #"{"status":"invalid event","errors":["Length of 'summary' is 2000"]}"#, .message),
    AnswerCase(.pagerDuty, 202, #"{"status":"throttle exceeded","message":"slow"}"#, .passes, wait: .seconds(30)),
    AnswerCase(
      .pagerDuty, 400,
      #"{"status":"invalid event","message":"Event object is invalid","errors":["Invalid routing key"]}"#,
      .channel, "\"routing_key\" (environment variable KEY)"),
    AnswerCase(
      .pagerDuty, 400,
      #"{"status":"invalid event","message":"Event object is invalid","errors":["'payload.severity' is invalid"]}"#,
      .message),
    AnswerCase(.pagerDuty, 400, .channel), AnswerCase(.pagerDuty, 403, .channel), AnswerCase(.pagerDuty, 413, .message),
    AnswerCase(.pagerDuty, 429, .passes, wait: .seconds(30)), AnswerCase(.pagerDuty, 500, .passes),
  ]

  static let opsgenie = [
    AnswerCase(.opsgenie, 202, #"{"result":"Request will be processed","took":0.1,"requestId":"x"}"#, .delivered),
    AnswerCase(.opsgenie, 202, #"{"result":"Queued","requestId":"x"}"#, .remarked),
    AnswerCase(.opsgenie, 202, #"{"message":"Could not authenticate","took":0.1,"requestId":"x"}"#, .channel),
    AnswerCase(
      .opsgenie, 200, #"{"code":42900,"message":"You are making too many requests!"}"#, .passes, wait: .seconds(60)),
    AnswerCase(.opsgenie, 200, #"{"status":"failed","error":"Alert source is disabled"}"#, .passes, "disabled"),
    AnswerCase(
      .opsgenie, 401, #"{"message":"Could not authenticate"}"#, .channel, "\"api_key\" (environment variable KEY)"),
    AnswerCase(.opsgenie, 402, .channel),
    AnswerCase(.opsgenie, 403, #"{"code":40301,"message":"You are not authorized"}"#, .channel),
    AnswerCase(.opsgenie, 404, #"{"message":"no such resource"}"#, .channel, "api.eu.opsgenie.com"),
    AnswerCase(.opsgenie, 422, #"{"message":"Key format is not valid!","took":0.0}"#, .channel),
    AnswerCase(
      .opsgenie, 422,
      #"{"message":"Request body is not processable.","errors":{"message":"Message can not be empty."}}"#,
      .message),
    AnswerCase(.opsgenie, 400, #"{"message":"Body is malformed"}"#, .message),
    AnswerCase(
      .opsgenie, 429, #"{"message":"You are making too many requests!"}"#,
      [("X-RateLimit-State", "THROTTLED"), ("X-RateLimit-Period-In-Sec", "60")], .passes, wait: .seconds(60)),
    AnswerCase(
      .opsgenie, 429, "", [("X-RateLimit-Period-In-Sec", "5"), ("Retry-After", "90")], .passes, wait: .seconds(90)),
    AnswerCase(.opsgenie, 503, .passes),
  ]

  static let webhook = [
    AnswerCase(.webhook, 200, "anything", .delivered), AnswerCase(.webhook, 204, .delivered),
    AnswerCase(.webhook, 299, #"{"ok":false}"#, .delivered),
    AnswerCase(.webhook, 200, "<html>Please log in</html>", html, .remarked, "HTML page"),
    AnswerCase(.webhook, 200, String(repeating: "a", count: 3 << 20), .delivered),
    AnswerCase(.webhook, 410, .channel), AnswerCase(.webhook, 404, .passes, "\"url\" (environment variable URL)"),
    AnswerCase(.webhook, 400, .passes), AnswerCase(.webhook, 401, .passes), AnswerCase(.webhook, 403, .passes),
    AnswerCase(.webhook, 413, .passes), AnswerCase(.webhook, 422, .passes), AnswerCase(.webhook, 500, .passes),
    AnswerCase(.webhook, 429, "", [("Retry-After", "7")], .passes, wait: .seconds(7)),
  ]

  static let all =
    slack + teams + discord + mattermost + telegram + ntfy + pagerDuty + opsgenie + webhook
}
