import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("What people did, and their tokens, in the database")
struct ActStoreTests {
  private static func act(_ words: String, at time: String = "23T10:00") -> Act {
    Act(
      at: .at(time), by: "mara", way: .page, kind: .silence, organizations: [.acme], objects: ["3", "4"], words: words)
  }

  @Test("What was done is kept in its order, and comes the last first, a part at a time", arguments: StoreEngine.all)
  func order(engine: StoreEngine) async throws {
    let store = try engine.store()
    try await store.write { writer in
      for word in ["first", "second", "third"] { _ = try writer.append(Self.act(word), for: nil) }
    }
    let (all, rest, one, last) = try await store.read { reader in
      let all = try reader.acts(before: nil, limit: 2)
      return (
        all, try reader.acts(before: all.last?.id, limit: 2), try reader.act(all[0].id), try reader.lastActID()
      )
    }
    #expect(all.map(\.words) == ["third", "second"])
    #expect(rest.map(\.words) == ["first"])
    #expect(one == all[0] && last == all[0].id)
    #expect(one?.objects == ["3", "4"] && one?.organizations == [.acme] && one?.way == .page)
  }

  @Test("A request is known by its key for a day, and no other can have it", arguments: StoreEngine.all)
  func requests(engine: StoreEngine) async throws {
    let store = try engine.store()
    let request = RequestKey(key: "mara/1", digest: "d")
    try await store.write { _ = try $0.append(Self.act("once"), for: request) }
    #expect(try await store.read { try $0.act(for: "mara/1")?.digest } == "d")
    let error = await storeError { try await store.write { _ = try $0.append(Self.act("twice"), for: request) } }
    #expect(error?.isOneLine == true)
    try await store.write { _ = try $0.append(Self.act("later", at: "24T10:01"), for: nil) }
    #expect(try await store.read { try $0.act(for: "mara/1")?.act } == nil)
    #expect(try await store.read { try $0.acts(before: nil, limit: 9).map(\.words) } == ["later", "once"])
  }

  @Test("A token is found by its hash, and a name is free again when its token is revoked", arguments: StoreEngine.all)
  func tokens(engine: StoreEngine) async throws {
    let store = try engine.store()
    func token(_ digit: String) -> StoredToken {
      StoredToken(
        name: "mara", hash: String(repeating: digit, count: 64), scopes: [.read, .act], organizations: [.acme],
        createdAt: .at("23T10:00"), createdBy: "ana", expiresAt: .at("25T10:00"))
    }
    let (first, second) = (token("a"), token("b"))
    #expect(try await store.write { try $0.add(first) })
    #expect(try await store.read { try $0.token(withHash: first.hash) } == first)
    #expect(try await store.write { try $0.add(second) } == false)
    try await store.write { try $0.noteUse(ofTokenWithHash: first.hash, at: .at("23T11:00")) }
    #expect(try await store.write { try $0.revokeToken("mara", at: .at("23T12:00")) })
    #expect(try await store.write { try $0.revokeToken("mara", at: .at("23T12:00")) } == false)
    #expect(try await store.write { try $0.add(second) })
    let all = try await store.read { try $0.tokens() }
    #expect(all.map(\.revokedAt) == [.at("23T12:00"), nil])
    #expect(all.first?.lastUsedAt == .at("23T11:00"))
  }
}
