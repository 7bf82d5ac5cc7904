import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("What persons say of the reconciliation, in the database")
struct ReviewStoreTests {
  private static func review(
    _ entry: String, _ status: ReconciliationStatus = .accepted, note: String = "agreed"
  ) -> StoredReview {
    StoredReview(entry: entry, figures: "figures", status: status, note: note, at: .at("23T10:00"), by: "ana")
  }

  @Test("The last word on each row counts, by organization and month", arguments: StoreEngine.all)
  func last(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write {
      try $0.add(Self.review("tax"), of: .acme, .october)
      try $0.add(Self.review("tax", .disputed, note: "no"), of: .acme, .october)
      try $0.add(Self.review("purchase"), of: .acme, .october)
      try $0.add(Self.review("tax"), of: .acme, .november)
      try $0.add(Self.review("tax"), of: .globex, .october)
    }
    let found = try await store.read { try $0.reviews(of: [.acme], from: .october, to: .october) }
    #expect(
      found == [
        .acme: [
          .october: ["tax": Self.review("tax", .disputed, note: "no"), "purchase": Self.review("purchase")]
        ]
      ])
    let both = try await store.read { try $0.reviews(of: [.acme, .globex], from: .october, to: .november) }
    #expect(both.mapValues { $0.keys.sorted() } == [.acme: [.october, .november], .globex: [.october]])
  }

  @Test("What was not said cannot be stored", arguments: StoreEngine.all)
  func constraint(engine: StoreEngine) async throws {
    let store = try engine.store()
    let error = await storeError {
      try await store.write { try $0.add(Self.review("tax", .matched), of: .acme, .october) }
    }
    #expect(error?.isOneLine == true)
  }
}
