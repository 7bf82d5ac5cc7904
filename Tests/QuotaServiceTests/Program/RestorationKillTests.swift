import Foundation
import QuotaCore
import Testing
import UsageStore

@Suite("A restoring that is killed", .timeLimit(.minutes(5)))
struct RestorationKillTests {
  private static let organizations = (1...500).map { OrganizationID("org-\($0)") }

  @Test("leaves the database as it was or as the backup is, whichever moment it is, and can be made again")
  func killed() async throws {
    try await BuiltProgram.withFolder { folder in
      let text =
        #"{ "database": "quotawatch.sqlite", "organizations": [{ "id": "org-1", "api_key": { "env": "KEY" } }] }"#
      try Data(text.utf8).write(to: folder.appending(path: "alerts.json"))
      let program = BuiltProgram(folder: folder)
      let (database, older, newer) = (
        folder.appending(path: "quotawatch.sqlite").path, folder.appending(path: "older.sqlite").path,
        folder.appending(path: "newer.sqlite").path
      )
      try await record(1, in: database)
      _ = try SQLiteStore.backup(path: database, to: older, at: Date())
      try await record(2, in: database)
      _ = try SQLiteStore.backup(path: database, to: newer, at: Date())
      for delay in (0..<40).map({ Duration.milliseconds(4 * $0) }) {
        _ = try await program.run(["db", "restore", older, "--overwrite"]) { kill in
          try await Task.sleep(for: delay)
          try? kill()
        }
        #expect(try SQLiteStore.check(path: database) == [])
        // What a run or another restoring would do to it works, whatever was left.
        if try await pages(of: database) == 1 {
          _ = try SQLiteStore.restore(newer, to: database, overwrites: true, at: Date())
        } else {
          try await record(2, in: database)
        }
      }
      #expect(try await program.run(["db", "restore", older, "--overwrite"]).status == 0)
      #expect(try await pages(of: database) == 1)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!left.contains { $0.contains(".tmp") })
    }
  }

  private func record(_ pages: Int64, in database: String) async throws {
    let store = try SQLiteStore.open(path: database, access: .readWrite, billingTimeZone: .gmt)
    let month = try #require(BillingMonth("2026-11"))
    let time = Date(timeIntervalSince1970: 1_795_000_000 + Double(pages) * 3_600)
    try await store.write { writer in
      let known = try writer.months(of: Self.organizations, from: month, to: month)
      for id in Self.organizations {
        _ = try writer.record(
          Reading(
            organization: id, month: month, counters: Counters(pages: pages, conversions: 0), observedAt: time),
          after: known[id]?[month], quota: Quota(), freezesQuota: false, asked: false)
      }
    }
    try store.close()
  }

  /// Of all organizations, which have to be the same.
  private func pages(of database: String) async throws -> Int64 {
    let store = try SQLiteStore.open(path: database, access: .readOnly, billingTimeZone: .gmt)
    let all = try await store.read { reader in
      try reader.organizations().map { $0.latest?.snapshot.counters.pages }
    }
    #expect(all.count == Self.organizations.count)
    return try #require(Set(all).count == 1 ? all[0] : nil)
  }
}
