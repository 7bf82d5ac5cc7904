import FoundationEssentials
import QuotaCore
import Testing

@testable import Pages

@Suite("The page of the system")
struct SystemPageTests {
  private static func html(_ change: (inout SystemPage.View) -> Void) throws -> String {
    let extent = StoredExtent(snapshots: 0, firstMonth: nil)
    let store = SystemPage.Store(path: "q.sqlite", bytes: 1, sqliteVersion: "3", extent: extent)
    var view = SystemPage.View(store: store, startedAt: PageTestWorld.now, reloadedAt: PageTestWorld.now)
    change(&view)
    return SystemPage(view).html(try PageTestWorld.frame())
  }

  private static func run(_ id: Int64, read: Int) -> Run {
    var summary = RunSummary()
    summary.read = read
    return Run(id: id, startedAt: PageTestWorld.now, endedAt: PageTestWorld.now, summary: summary)
  }

  @Test("says that the vendor takes keys where it was seen to, and otherwise that nobody knows")
  func keys() throws {
    #expect(try Self.html { _ in }.contains("Not known</span> <span>no run has ended yet"))
    #expect(try Self.html { $0.runs = [Self.run(1, read: 0)] }.contains("nobody could be read in the last runs"))
    #expect(try Self.html { $0.runs = [Self.run(2, read: 0), Self.run(1, read: 3)] }.contains("the vendor takes keys"))
  }

  @Test("says that nothing is wrong where there is no problem and no warning")
  func findings() throws {
    let sound = SystemPage.Finding(subject: "database", state: .ok, detail: "q.sqlite")
    let calm = try Self.html { ($0.findings, $0.checkedAt) = ([sound], PageTestWorld.now) }
    #expect(calm.contains("1 thing looked at, and nothing is wrong"))
    let warned = try Self.html {
      $0.findings = [sound, .init(subject: "configuration", state: .warning, detail: "no rule watches acme")]
      $0.checkedAt = PageTestWorld.now
    }
    #expect(warned.contains("Warning</span>") && warned.contains("no rule watches acme"))
    #expect(!warned.contains("nothing is wrong"))
  }
}
