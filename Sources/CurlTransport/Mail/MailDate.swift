import FoundationEssentials
import QuotaCore

/// The `Date` of a mail (RFC 5322, section 3.3).
enum MailDate {
  /// Such as `Mon, 23 Nov 2026 12:00:00 +0000`, in UTC.
  static func text(_ date: Date) -> String { HTTPDate.text(of: date).dropLast(3) + "+0000" }
}
