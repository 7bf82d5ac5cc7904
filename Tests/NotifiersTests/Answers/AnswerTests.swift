import CurlTransport
import Foundation
@testable import Notifiers
import QuotaCore
import TestSupport
import Testing

@Suite("The answer of a service", .timeLimit(.minutes(5)))
struct AnswerTests {
  private func send(to service: TestedService, _ answer: ScriptedAnswer, timeout: TimeSpan = .seconds(5)) async throws
    -> SendOutcome
  {
    let server = try ScriptedServer(answer)
    let notifier = service.notifier(at: "http://127.0.0.1:\(server.port)", over: Impatient(timeout: timeout))
    return await notifier.send(
      try notifier.compose(.event(.threshold())), id: MessageID(rawValue: "m"), now: moment("2026-11-23T12:00"))
  }

  @Test("means what its documents say", arguments: AnswerCase.all)
  func meaning(answer: AnswerCase) async throws {
    answer.expect(try await send(to: answer.service, answer.answer))
  }

  @Test(
    "that is a page for a browser is that of somebody in between",
    arguments: TestedService.all.filter { $0.kind != .webhook },
    [
      "<!doctype html><p>Please log in</p>", "\u{FEFF}\r\n \t<HTML lang=\"en\">", "<!-- portal -->\n<html></html>",
      "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"\"><html/>", "<script>location = '/login'</script>",
    ])
  func pages(service: TestedService, page: String) async throws {
    for status in [200, 202, 400, 401, 403, 404, 500, 511] {
      guard case .retryable(let reason, nil) = try await send(to: service, .http(status, text: page)) else {
        Issue.record("\(service.kind) takes HTTP \(status) with a page for its own answer")
        continue
      }
      #expect(reason.hasPrefix("HTTP \(status): an HTML page instead of an answer of "))
    }
  }

  @Test("that says by its type that it is a page, and is not the usual one, is none", arguments: TestedService.all)
  func declaredPages(service: TestedService) async throws {
    let answer = ScriptedAnswer.http(200, [("Content-Type", "text/html")], text: "Welcome to the hotel")
    let outcome = try await send(to: service, answer)
    if service.kind == .webhook {
      #expect(outcome == .delivered(answer: "HTTP 200: Welcome to the hotel"))
    } else {
      guard case .retryable = outcome else {
        Issue.record("\(outcome)")
        return
      }
    }
  }

  @Test(
    "that sends elsewhere is named by its host, and nothing more of it",
    arguments: TestedService.all,
    [
      ("https://portal.example.net/login?token=abcdef123", " to portal.example.net"),
      ("//user:abcdef123@portal.example.net:8443/x", " to portal.example.net"), ("/login/abcdef123", ""),
      ("javascript:abcdef123", ""),
    ])
  func redirects(service: TestedService, location: (String, String)) async throws {
    for status in [301, 302, 307, 308] {
      let outcome = try await send(to: service, .http(status, [("Location", location.0)], text: "moved"))
      #expect(
        outcome
          == .retryable(reason: "HTTP \(status): it redirects\(location.1), which is not followed"))
    }
  }

  @Test(
    "counts for a webhook by its status alone, however its body goes on",
    arguments: [
      ScriptedAnswer.endlessBody(),
      .raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of"),
      ScriptedAnswer(.send(Array("HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n".utf8)), .hang),
      .http(200, [("Content-Encoding", "gzip")], text: "not gzip"),
    ])
  func unfinished(answer: ScriptedAnswer) async throws {
    guard case .delivered = try await send(to: .webhook, answer, timeout: .seconds(1)) else {
      Issue.record("not delivered")
      return
    }
  }

  @Test(
    "without a whole head is none",
    arguments: [
      ScriptedAnswer.raw("HTTP/1.1 200 OK\r\nContent-Le"), .raw("HTTP/1.1 100 Continue\r\n\r\n"),
    ])
  func headless(answer: ScriptedAnswer) async throws {
    guard case .unknown = try await send(to: .webhook, answer, timeout: .seconds(1)) else {
      Issue.record("taken for an answer")
      return
    }
  }

  @Test("of a service may be large, and is looked at as far as it is read", arguments: TestedService.all)
  func large(service: TestedService) async throws {
    let outcome = try await send(to: service, .http(200, text: String(repeating: "x", count: 1 << 20)))
    guard case .delivered(_, let remark) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect((remark == nil) == (service.kind == .webhook))
  }

  @Test("is explained in the channel's page", arguments: TestedService.all)
  func documented(service: TestedService) throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "docs/notifiers/\(service.kind.rawValue).md")
    let notifier = try #require(service.notifier(at: "", over: FakeHTTPTransport()) as? any WebNotifier)
    let table = type(of: notifier).answers.markdown
    #expect(try String(contentsOf: page, encoding: .utf8).contains(table), "\(page.lastPathComponent) lacks:\n\(table)")
  }
}

extension AnswerTable {
  /// The table as the documentation shows it.
  fileprivate var markdown: String {
    let usual = success.map { "\($0.words), as \(service) usually answers" } ?? "any 2xx"
    return
      (["| Answer | What it means | What to do |", "|---|---|---|", "| \(usual) | delivered | |"] + rows.map(\.markdown))
      .joined(separator: "\n") + "\n"
  }
}

extension AnswerTable.Row {
  fileprivate var markdown: String {
    let answer = [statuses.map { "\($0)" }.joined(separator: ", "), words.map { "`\($0)`" }.joined(separator: ", ")]
    let meaning =
      switch self.meaning {
      case .passes: "tried again"
      case .message: "this message is refused"
      case .channel: "the channel is dead"
      }
    let advice = self.advice?.replacing(/\{([a-z_]+)\}/) { "`\($0.output.1)`" } ?? ""
    return "| \(answer.filter { !$0.isEmpty }.joined(separator: ": ")) | \(meaning) | \(advice) |"
  }
}

/// The real transport, with less patience.
private struct Impatient: HTTPTransport {
  let base = try? CurlTransport(userAgent: "quotawatch/test")
  let timeout: TimeSpan

  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    guard let base else { throw .unreachable("libcurl does not start") }
    var request = request
    request.timeout = timeout
    return try await base.send(request)
  }
}
