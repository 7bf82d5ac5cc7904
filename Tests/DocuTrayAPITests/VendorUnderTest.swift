import DocuTrayAPI
import FoundationEssentials
import QuotaCore
import TestSupport

/// The client with its clock at 23 November 2026 and one key.
struct VendorUnderTest {
  static let now = moment("2026-11-23T12:00")
  static let key = "dt_live_4f9a1c77e2"
  static let november = #"{"year": 2026, "month": 11, "successful_pages": 1234, "successful_conversions": 89}"#

  func read(
    _ http: FakeHTTPTransport, month: BillingMonth? = nil, baseURL: String = "https://api.example.com",
    now: Date = Self.now
  ) async throws(ReadingFailure) -> Reading {
    let api = DocuTrayAPI(transport: http, baseURL: baseURL, now: { now })
    return try await api.reading(of: OrganizationID("acme"), month: month, key: Secret(Self.key)).result.get()
  }

  /// What went wrong; nil if there is a reading.
  func failure(
    _ http: FakeHTTPTransport, month: BillingMonth? = nil, now: Date = Self.now
  ) async -> ReadingFailure? {
    do throws(ReadingFailure) {
      _ = try await read(http, month: month, now: now)
      return nil
    } catch {
      return error
    }
  }
}
