import QuotaCore
import TestSupport
import Testing

@Suite("What a person says of a row")
struct ReviewTests {
  private func october(_ amount: String = "12.00") throws -> ReconciledMonth {
    try October(plan: try October.plan(), lines: [try October.line("I 1 usage pages 1000 \(amount)")]).reconciled()
  }

  private func review(_ entry: ReconciliationEntry, as status: ReconciliationStatus = .accepted) -> StoredReview {
    StoredReview(
      entry: entry.name, figures: entry.reviewedFigures, status: status, note: "agreed", at: moment("2026-11-05T08:00"),
      by: "ana")
  }

  @Test("counts while the figures are the same", arguments: [ReconciliationStatus.accepted, .disputed])
  func holds(status: ReconciliationStatus) throws {
    let month = try october()
    let review = review(try #require(month.entries.first), as: status)
    let again = try #require(month.reviewed(by: [review.entry: review]).entries.first)
    #expect(again.status == status)
    #expect(again.finding.reason == .unitPriceVariance)
    #expect(again.note.hasSuffix("; \(status.rawValue) by ana on 2026-11-05: agreed"))
  }

  @Test("does not count for other figures, and that is said")
  func outgrown() throws {
    let review = review(try #require(try october().entries.first))
    let changed = try #require(try october("13.00").reviewed(by: [review.entry: review]).entries.first)
    #expect(changed.status == .overBilled)
    #expect(changed.note.hasSuffix("; accepted by ana on 2026-11-05 when the figures were others"))
  }

  @Test("is for one row only")
  func otherRow() throws {
    let review = review(try #require(try october().entries.first))
    #expect(try october().reviewed(by: ["usage/conversions": review]).entries.first?.status == .overBilled)
  }
}
