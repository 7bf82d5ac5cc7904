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

  @Test("belong to whom the folder around them belongs, where root makes them", .enabled(if: geteuid() == 0))
  func owner() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      _ = try await service.collect(CollectUsage.Options())
      #expect(chown(installation.folder.path, 1_234, 1_235) == 0)
      let folder = installation.folder.appending(path: "backups").path
      let file = try await service.backUpDatabase(to: folder + "/", overwrites: false)
      for path in [folder, file] {
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_uid == 1_234 && status.st_gid == 1_235, "\(path)")
      }
    }
  }

  @Test("are not kept company by what processes have left that were killed half-way")
  func unfinished() async throws {
    try await Installation.run { installation in
      let service = try installation.service()
      _ = try await service.collect(CollectUsage.Options())
      let folder = installation.folder.appending(path: "backups").path
      let first = try await service.backUpDatabase(to: folder + "/", overwrites: false)
      let others = ["quotawatch-20261109T120000Z.sqlite.tmp", "quotawatch-20261108T120000Z.sqlite.tmp", "notes.tmp"]
      for name in others + [others[0] + "-journal"] { try Data("x".utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
      // One is being made right now.
      let busy = open("\(folder)/\(others[1])", O_RDWR)
      #expect(flock(busy, LOCK_EX | LOCK_NB) == 0)
      defer { close(busy) }
      installation.advance(by: .seconds(60))
      let second = try await service.backUpDatabase(to: folder, overwrites: false)
      let names = [first, second].map { URL(filePath: $0).lastPathComponent } + others.dropFirst()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == names.sorted())
    }
  }
}
