import ArgumentParser
import QuotaCore
import QuotaService

/// A month as it is named on the command line: `2026-11`, `this-month`, `last-month`.
enum MonthArgument {
  case month(BillingMonth)
  /// So many months before the current one.
  case ago(Int)

  static let words =
    "a month such as 2026-11 (from \(BillingMonth.all.first) to \(BillingMonth.all.last)), this-month or last-month"

  static func parse(_ text: String) throws -> MonthArgument {
    switch text {
    case "this-month": return .ago(0)
    case "last-month": return .ago(1)
    default:
      guard let month = BillingMonth(text) else { throw ValidationError("expected \(words)") }
      return .month(month)
    }
  }

  /// - Throws: where the clock shows a year that is none of the vendor's.
  func month(in service: Setup) throws -> BillingMonth {
    switch self {
    case .month(let month): return month
    case .ago(let count):
      guard let month = service.currentMonth?.advanced(by: -count) else {
        throw ValidationError("this machine's clock shows no month from 2020 to 2100: name the month")
      }
      return month
    }
  }

  static let completion = CompletionKind.list(["this-month", "last-month"])
}

/// Which months a command is about: one, or those from one to another.
struct MonthArguments: ParsableArguments {
  @Argument(
    help: "The month: 2026-10, this-month or last-month.", completion: MonthArgument.completion,
    transform: MonthArgument.parse)
  var month: MonthArgument?

  @OptionGroup var range: MonthRange

  func validate() throws {
    guard month == nil || range.from == nil else { throw ValidationError("name one month, or --from and --to") }
  }

  /// - Throws: where no month is named.
  func months(in service: Setup) throws -> ClosedRange<BillingMonth> {
    guard let months = try optionalMonths(in: service) else {
      throw ValidationError("name a month, or the first and the last with --from and --to: \(MonthArgument.words)")
    }
    return months
  }

  /// Nil where no month is named.
  func optionalMonths(in service: Setup) throws -> ClosedRange<BillingMonth>? {
    guard let month = try month?.month(in: service) else { return try range.months(in: service) }
    return month...month
  }
}

/// Which months a command is about, by options.
struct MonthRange: ParsableArguments {
  @Option(
    help: ArgumentHelp("The first month.", valueName: "month"), completion: MonthArgument.completion,
    transform: MonthArgument.parse)
  var from: MonthArgument?

  @Option(
    help: ArgumentHelp("The last month; the first without it.", valueName: "month"),
    completion: MonthArgument.completion, transform: MonthArgument.parse)
  var to: MonthArgument?

  func validate() throws {
    guard to == nil || from != nil else { throw ValidationError("--to needs --from") }
  }

  /// Nil where no month is named.
  ///
  /// - Parameter standard: the last month where none is named; nil takes the first.
  func months(in service: Setup, until standard: BillingMonth? = nil) throws -> ClosedRange<BillingMonth>? {
    guard let from = try from?.month(in: service) else { return nil }
    let to = try to?.month(in: service) ?? standard ?? from
    guard from <= to else { throw ValidationError("--from \(from) is later than --to \(to)") }
    return from...to
  }
}
