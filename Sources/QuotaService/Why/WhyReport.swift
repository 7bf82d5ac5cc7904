package import FoundationEssentials
package import QuotaCore

/// Everything that explains what an organization's rules say now, and what became of it.
package struct WhyReport: Sendable {
  package let organization: Organization
  package let judgedAt: Date
  package let history: PollHistory
  /// The backups that were restored since the earliest of ``months`` began.
  package let restorations: [Restoration]
  /// What the rules look at, the current month first.
  package let months: [ObservedMonth]
  package let rules: [RuleReport]
  /// What was told of the organization lately, newest first.
  package let notices: [NoticeFate]
  /// What is to be said of the alerts besides.
  package let marks: AlertMarks
  /// What holds back sending now, in words; empty where nothing does.
  package let holds: [String]

  /// What one rule says.
  package struct RuleReport: Sendable {
    package let rule: Rule
    /// Why the rule is not judged for this organization; nil if it is.
    package let passedOver: String?
    package let verdicts: [VerdictReport]
    /// The notifiers that hear of it when it fires, by severity where the levels differ.
    package let recipients: [NotifierID]
  }

  /// What a rule says of one thing, and the alert that has come of it.
  package struct VerdictReport: Sendable {
    package let key: AlertKey
    package let holds: Bool
    package let reason: String
    package let evidence: Evidence
    /// Nil where nothing has come of it.
    package let alert: Alert?
  }
}
