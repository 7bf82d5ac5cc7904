import FoundationEssentials
import Hummingbird
import QuotaCore

/// Why a request to the control surface is refused: one line that names the place in the body.
struct ControlError: Error {
  let message: String
}

/// How the control surface reads and writes JSON.
enum ControlExchange {
  private static let largestBody = 1 << 20

  /// Decodes the body, lets it take effect and answers with what comes of it; what cannot be decoded is answered with
  /// 400 and one line.
  ///
  /// - Parameter read: decodes the body's object, reporting what is wrong with it.
  static func take<Input>(
    _ request: Request, _ read: (inout ConfigurationObject) -> Input?, then act: (Input) -> some Encodable
  ) async throws -> Response {
    do {
      return try answer(act(try await input(request, read)))
    } catch let error as ControlError {
      return try answer(["error": error.message], status: .badRequest)
    }
  }

  /// Decodes the body; throws ``ControlError`` for what cannot be decoded.
  static func input<Input>(
    _ request: Request, _ read: (inout ConfigurationObject) -> Input?
  ) async throws -> Input {
    let body = try await request.body.collect(upTo: largestBody)
    return try decoded(Array(body.readableBytesView), read)
  }

  /// Answers with JSON that a person can read, too.
  static func answer(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(date.iso8601)
    }
    let bytes = try encoder.encode(value) + [UInt8(ascii: "\n")]
    return Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static func decoded<Input>(
    _ bytes: [UInt8], _ read: (inout ConfigurationObject) -> Input?
  ) throws(ControlError) -> Input {
    let json: JSONNode
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      throw ControlError(message: "the body is no JSON: \(error.message)")
    }
    let issues = ConfigurationIssues(source: bytes)
    let input = ConfigurationNode(json, issues: issues).object(read)
    guard let input, issues.isEmpty else {
      let lines = issues.sorted.map { $0.path.isEmpty ? $0.message : "\($0.path): \($0.message)" }
      throw ControlError(message: lines.joined(separator: "; "))
    }
    return input
  }
}

/// The answer to a change that has nothing to show.
struct Done: Encodable {
  let ok = true
}

extension ConfigurationNode {
  /// A month such as `2026-11`.
  func month() -> BillingMonth? {
    guard let text = string() else { return nil }
    guard let month = BillingMonth(text) else {
      report("expected a month from 2020-01 to 2100-12 such as \"2026-11\", found \"\(text)\"")
      return nil
    }
    return month
  }

  /// A time of the years that the vendor knows, in UTC, with or without a fraction of a second.
  func time() -> Date? {
    guard let text = string() else { return nil }
    guard let date = Date(zonedISO8601: text), BillingMonth(containing: date, in: .gmt) != nil else {
      report("expected a time such as \"2026-11-05T12:00:00Z\", found \"\(text)\"")
      return nil
    }
    return date
  }
}
