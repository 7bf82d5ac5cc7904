import FoundationEssentials
package import QuotaCore

/// What a month is expected to come to, as JSON.
package struct ForecastOutput: Encodable {
  let organizationId: OrganizationID
  let month: BillingMonth
  let metric: Metric
  let used: Int64
  let quota: Int64?
  let lastSeenAt: Date
  let projected: Int64
  let projectedLow: Int64
  let projectedHigh: Int64
  /// That the quota is reached, in percent.
  let probability: Int64?
  let exhaustedFrom: Date?
  let exhaustedTo: Date?

  /// Nil where there is no pace to speak of, and when the month is over.
  package init?(_ row: StatusRow) {
    guard let forecast = row.forecast, let month = row.month, let used = row.used, let seen = row.lastSeenAt else {
      return nil
    }
    (organizationId, self.month, metric, self.used, quota) = (row.organization, month, row.metric, used, row.quota)
    lastSeenAt = seen
    projected = forecast.projected
    (projectedLow, projectedHigh) = (forecast.range.lowerBound, forecast.range.upperBound)
    probability = row.quota.map {
      used >= $0 ? 100 : Likelihood(probability: forecast.probability(ofReaching: $0)).percent
    }
    (exhaustedFrom, exhaustedTo) = (row.exhaustion?.from, row.exhaustion?.to)
  }
}
