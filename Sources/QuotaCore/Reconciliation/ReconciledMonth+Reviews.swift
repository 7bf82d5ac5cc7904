extension ReconciledMonth {
  /// The month with what persons have said of its rows. A word that was said of other figures does not count any more,
  /// and the row's explanation says so.
  package func reviewed(by reviews: [String: StoredReview]) -> ReconciledMonth {
    guard !reviews.isEmpty else { return self }
    var reviewed = self
    reviewed.entries = entries.map { entry in
      guard let review = reviews[entry.name] else { return entry }
      return review.figures == entry.reviewedFigures ? entry.reviewed(by: review) : entry.outgrown(review)
    }
    return reviewed
  }
}

extension ReconciliationEntry {
  /// The row with what a person has said of it as it is.
  package func reviewed(by review: StoredReview) -> ReconciliationEntry {
    var entry = self
    entry.review = Review(status: review.status, text: "\(review.words): \(review.note)")
    return entry
  }

  fileprivate func outgrown(_ review: StoredReview) -> ReconciliationEntry {
    let start = finding.explanation.isEmpty ? "" : "\(finding.explanation); "
    return with(Finding(finding.status, finding.reason, "\(start)\(review.words) when the figures were others"))
  }
}

extension StoredReview {
  fileprivate var words: String { "\(status.rawValue) by \(by) on \(at.iso8601.prefix(10))" }
}
