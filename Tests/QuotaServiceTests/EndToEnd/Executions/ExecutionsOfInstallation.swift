import CurlTransport
import Foundation
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

/// Keeps the vendor's clock on the test's, so that time passes for both while a command waits.
private struct FollowingTransport: HTTPTransport {
  let installation: Installation

  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    installation.sandbox.vendor.now = installation.clock.date
    return try await installation.transport.send(request)
  }
}

extension Installation {
  /// The same service, for whose vendor time passes as it does for the service.
  func following(_ service: Setup) -> Setup {
    let world = service.world
    return Setup(
      service.configuration,
      world: World(
        now: world.now, clock: world.clock, random: world.random, http: FollowingTransport(installation: self),
        mail: world.mail, secrets: world.secrets, logger: world.logger))
  }

  /// Writes a file into the installation's folder and returns its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return file.path
  }

  /// What the vendor was asked, such as `POST /api/steps-async/step-1`.
  var asked: [String] { sandbox.vendor.requests.entries.map(\.endpoint) }

  /// When the vendor was asked for the status of executions, in seconds since the first time.
  var questionTimes: [Double] {
    let times = sandbox.vendor.requests.entries.filter { $0.endpoint.contains("/status/") }.map(\.vendorTime)
    return times.map { $0.timeIntervalSince(times[0]) }
  }

  /// Everything in the database and its log, which may be moved into it and go at any time.
  var databaseText: String {
    get throws {
      let log = FileManager.default.contents(atPath: folder.appending(path: "quotawatch.sqlite-wal").path)
      let database = try Data(contentsOf: folder.appending(path: "quotawatch.sqlite"))
      return [log ?? Data(), database].map { String(decoding: $0, as: UTF8.self) }.joined()
    }
  }
}

extension Setup {
  /// An execution in the ledger.
  func execution(_ id: String, _ kind: ExecutionKind = .step) async throws -> Execution? {
    let id = try #require(ExecutionID(rawValue: id))
    return try await database.openForReading().read { try $0.executions(with: id) }.first { $0.key.kind == kind }
  }
}

/// What a command refuses.
func failure(of body: () async throws -> Void) async -> ServiceError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? ServiceError
  }
}

enum Documents {
  static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array("SECRET-PICTURE".utf8)
  static let pdf = Array("%PDF-1.7\nSECRET-TEXT\n".utf8)
}

/// What the vendor may answer instead of an execution, and what a command makes of it.
struct VendorProblem: Sendable, CustomTestStringConvertible {
  let fault: Fault
  let status: QuotaService.ExitStatus
  /// A part of the message.
  let message: String

  var testDescription: String { message }

  /// Every documented error.
  static let documented = [
    VendorProblem(fault: .status(400), status: .invalidRequest, message: "(HTTP 400): Invalid execution ID format"),
    VendorProblem(
      fault: .status(400, body: #"{"message": "Validation error", "errors": ["image is required", "no step"]}"#),
      status: .invalidRequest, message: "(HTTP 400): Validation error; image is required; no step"),
    VendorProblem(fault: .status(401), status: .keyRejected, message: "rejects the key (HTTP 401): Invalid API key"),
    VendorProblem(
      fault: .status(401, body: #"{"error": "Unauthorized"}"#), status: .keyRejected,
      message: "rejects the key (HTTP 401): Unauthorized"),
    VendorProblem(fault: .status(403), status: .accessDenied, message: "(HTTP 403): Access denied to this execution"),
    VendorProblem(fault: .status(404), status: .notFound, message: "(HTTP 404): Execution not found"),
    VendorProblem(fault: .status(408), status: .downloadTimeout, message: "in time (HTTP 408)"),
    VendorProblem(fault: .status(413), status: .tooLarge, message: "too large for the vendor (HTTP 413)"),
    VendorProblem(fault: .status(415), status: .unsupportedType, message: "(HTTP 415): Unsupported content type"),
    VendorProblem(
      fault: .status(
        429, body: #"{"error": "Rate limit exceeded", "limitType": "day", "limit": 9, "retryAfter": 70}"#),
      status: .rateLimited, message: "limit per day is used up (HTTP 429), which is over in 70s: Rate limit exceeded"),
    VendorProblem(fault: .status(500), status: .serverError, message: "(HTTP 500): Internal server error: simulated"),
    VendorProblem(fault: .status(503, body: "down"), status: .serverError, message: "has a problem (HTTP 503)"),
    VendorProblem(fault: .status(302, body: ""), status: .invalidAnswer, message: "redirect (HTTP 302)"),
  ]

  /// What is no answer to a question; after a document nobody knows.
  static let garbled = [
    VendorProblem(fault: .html, status: .invalidAnswer, message: "web page instead of JSON"),
    VendorProblem(fault: .garbage, status: .invalidAnswer, message: "not valid JSON"),
    VendorProblem(fault: .truncated, status: .invalidAnswer, message: "not valid JSON"),
    VendorProblem(fault: .disconnect, status: .unreachable, message: ""),
    VendorProblem(fault: .brokenBody, status: .unreachable, message: ""),
  ]
}
