import FoundationEssentials
import QuotaCore

/// Asks for an organization's usage: one month, and those that follow from the vendor's current one.
struct UsageJob: RequestJob {
  let organization: Int
  /// Nil asks for the vendor's current month.
  var month: BillingMonth?
  /// Which months are asked for by name after the current one; none without a plan.
  var plan: MonthPlan?
  var attempts = 0
  private var course = Course.unasked

  /// How far it is. Apart from the rest, since most jobs wait.
  private indirect enum Course {
    case unasked
    case asked(Answers)
  }

  fileprivate struct Answers {
    /// The months still to be asked for by name, after the present one.
    var remaining: [BillingMonth] = []
    var readings: [Reading] = []
    var skew = ClockSkew()
  }

  private var answers: Answers {
    get { if case .asked(let answers) = course { answers } else { Answers() } }
    set { course = .asked(newValue) }
  }

  init(organization: Int, month: BillingMonth? = nil, plan: MonthPlan? = nil) {
    self.organization = organization
    self.month = month
    self.plan = plan
  }

  static let time = "the run's time"

  mutating func attempt(
    at source: any UsageSource, of organization: ConfiguredOrganization, key: Secret
  ) async throws(ReadingFailure) -> OrganizationUsage? {
    let reply = await source.reading(of: organization.organization.id, month: month, key: key)
    var answers = answers
    answers.skew.add(reply.skew)
    defer { self.answers = answers }
    let reading = try reply.result.get()
    answers.readings.append(reading)
    if month == nil { answers.remaining = plan?.dueMonths(after: reading) ?? [] }
    guard !answers.remaining.isEmpty else { return answers.usage(of: organization) }
    (month, attempts) = (answers.remaining.removeFirst(), 0)
    return nil
  }

  func outcome(of organization: ConfiguredOrganization, after failure: ReadingFailure) -> OrganizationUsage {
    var usage = answers.usage(of: organization)
    if let month {
      usage.missingMonths = ([month] + answers.remaining).map { ($0, failure) }
    } else {
      usage.failure = failure
    }
    return usage
  }
}

extension UsageJob.Answers {
  fileprivate func usage(of organization: ConfiguredOrganization) -> OrganizationUsage {
    OrganizationUsage(organization: organization, readings: readings, skew: skew)
  }
}

/// What a run learned of one organization.
struct OrganizationUsage: Sendable {
  let organization: ConfiguredOrganization
  /// The current month first (in a collect), then past months.
  let readings: [Reading]
  /// How the clocks differed.
  let skew: ClockSkew
  /// Why the (current) month could not be read.
  var failure: ReadingFailure?
  /// Past months that could not be read; they are asked for again in a later run.
  var missingMonths: [(month: BillingMonth, failure: ReadingFailure)] = []
}
