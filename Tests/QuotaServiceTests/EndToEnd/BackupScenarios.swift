import Foundation
import QuotaCore
import Synchronization
import Testing
import UsageStore

@testable import QuotaService

@Suite("Backups in a folder")
struct BackupScenarios {
  @Test("are named by the time, and the oldest of them go, whatever else is there")
  func retention() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      _ = try await service.collect(CollectUsage.Options())
      let folder = installation.folder.appending(path: "backups").path
      var made: [String] = []
      for day in 0..<5 {
        let file = try await service.backUpDatabase(to: folder + "/", overwrites: false)
        made.append(file)
        if day == 0 {
          for other in ["notes.txt", "quotawatch-before.sqlite"] {
            try Data().write(to: URL(filePath: folder + "/" + other))
          }
        }
        let removed = try service.backUpDatabase.prune(folder + "/", keeping: 3, newest: file)
        #expect(removed.count == (day < 3 ? 0 : 1))
        installation.advance(by: .seconds(86_400))
      }
      #expect(made[0].hasSuffix("/backups/quotawatch-20261110T120000Z.sqlite"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(
        left
          == (["notes.txt", "quotawatch-before.sqlite"] + made[2...].map { URL(filePath: $0).lastPathComponent })
          .sorted())
      for file in made[2...] { #expect(try SQLiteStore.check(path: file) == []) }
      let attributes = try FileManager.default.attributesOfItem(atPath: folder)
      #expect(attributes[.posixPermissions] as? Int == 0o700)
    }
  }

  @Test("do not remove the one that was just made, though a clock that was ahead has made newer names")
  func clockBack() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      _ = try await service.collect(CollectUsage.Options())
      let folder = installation.folder.appending(path: "backups").path
      installation.clockError.withLock { $0 = 86_400 * 30 }
      let ahead = try await service.backUpDatabase(to: folder + "/", overwrites: false)
      installation.clockError.withLock { $0 = 0 }
      let file = try await service.backUpDatabase(to: folder + "/", overwrites: false)
      #expect(try service.backUpDatabase.prune(folder, keeping: 1, newest: file) == [ahead])
    }
  }
}
