import Foundation
import QuotaCore
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(5)))
struct `The vendor's own client` {
  private static let ways = [
    "bytes", "bytes of a PDF", "path", "open file", "URL", "URL with a type", "base64", "data URI",
  ]

  @Test func `has documents processed in every way that it knows, and what succeeds counts`() async throws {
    try await withSandbox { sandbox async throws in
      let told = try await VendorClient.run(against: sandbox)
      let byName = Dictionary(uniqueKeysWithValues: told.map { ($0["what"]?.string ?? "", $0) })
      for kind in ["step", "conversion", "identification"] {
        for way in Self.ways {
          let full = try #require(byName["\(kind) by \(way)"])
          let bare = try #require(byName["bare \(kind) by \(way)"])
          for answer in [full, bare] {
            #expect(
              answer["statuses"]?.strings == ["ENQUEUED", "ENQUEUED", "PROCESSING", "PROCESSING", "SUCCESS"],
              "\(kind) by \(way)")
            #expect(answer["has_result"]?.flag == true)
          }
          #expect(full["metadata_came_back"]?.flag == (kind != "identification"))
          #expect(bare["metadata_came_back"]?.flag == false)
          let name =
            way == "path"
            ? "scan \"1\" \\ ä.png" : ["URL", "base64", "data"].contains { way.hasPrefix($0) } ? nil : "document"
          #expect(full["original_filename"]?.string == name)
          #expect(full["step_id"]?.string == (kind == "step" ? "step-9" : nil))
          #expect(full["document_type_code"]?.string == (kind == "conversion" ? "bank-statement" : nil))
          #expect(full["document_type"]?.string == (kind == "identification" ? "receipt" : nil))
          guard kind != "step" else { continue }
          #expect(byName["\(kind) by \(way), at once"]?["has_result"]?.flag == true)
        }
        #expect(byName["\(kind), asynchronously"]?["status"]?.string == "SUCCESS")
        #expect(byName["\(kind) that fails"]?["failed"]?.flag == true)
        #expect(byName["\(kind) that fails"]?["error"] != nil)
      }
      for (what, error, code) in [
        ("a key that is not known", "AuthenticationError", 401), ("a format that is not taken", "APIError", 415),
        ("a URL that is slow", "APIError", 408), ("an execution that is not there", "NotFoundError", 404),
        ("a rate limit", "RateLimitError", 429),
      ] as [(String, String, Int64)] {
        #expect(byName[what]?["error"]?.string == error)
        #expect(byName[what]?["code"]?.integer == code)
      }
      let succeeded = told.count {
        $0["status"]?.string == "SUCCESS" || $0["what"]?.string?.hasSuffix("at once") == true
      }
      #expect(succeeded == 6 * Self.ways.count + 4 * Self.ways.count + 6)
      let counters = sandbox.vendor.usage(of: acme, in: try month("2026-11"))
      #expect(counters == Counters(pages: Int64(succeeded), conversions: Int64(succeeded)))
    }
  }
}

extension JSONNode {
  fileprivate var strings: [String]? {
    if case .array(let items) = value { items.compactMap(\.string) } else { nil }
  }

  fileprivate var flag: Bool? { if case .boolean(let flag) = value { flag } else { nil } }
}
