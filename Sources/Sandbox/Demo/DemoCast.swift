import QuotaCore

/// Who appears in the demo.
enum DemoCast {
  private static let starter = Quota(pages: 2_000, conversions: 500)
  private static let growth = Quota(pages: 10_000, conversions: 2_000)
  private static let lastDay = 30

  static let organizations = [
    DemoOrganization(
      id: OrganizationID("acme"), name: "Acme Corp", plan: "growth", quota: growth,
      story: "stays well inside its quota",
      keys: [(1, "demo-key-acme")], october: Counters(pages: 4_100, conversions: 690),
      curve: UsageCurve(seed: 1, pagesPerMonth: 4_200, burstProbability: 0),
      incidents: []),
    DemoOrganization(
      id: OrganizationID("globex"), name: "Globex", plan: "growth", quota: growth,
      story: "crosses 50, 80 and 100 % of its pages one after the other",
      keys: [(1, "demo-key-globex")], october: Counters(pages: 4_800, conversions: 810),
      curve: UsageCurve(seed: 2, pagesPerMonth: 11_500, burstProbability: 0),
      incidents: []),
    DemoOrganization(
      id: OrganizationID("hooli"), name: "Hooli", plan: "starter", quota: starter,
      story: "its key is revoked on day 18 and replaced on day 22",
      keys: [(1, "demo-key-hooli"), (22, "demo-key-hooli-renewed")], october: Counters(pages: 720, conversions: 120),
      curve: UsageCurve(seed: 3, pagesPerMonth: 800, burstProbability: 0),
      incidents: [DemoIncident(kind: .keyRevoked, days: 18...21)]),
    DemoOrganization(
      id: OrganizationID("initech"), name: "Initech", plan: "starter", quota: starter,
      story: "a burst on day 10 crosses 50 and 80 % at once; a correction on day 13 takes 400 pages back",
      keys: [(1, "demo-key-initech")], october: Counters(pages: 610, conversions: 100),
      curve: UsageCurve(
        seed: 4, pagesPerMonth: 600, burstProbability: 0, bursts: [UsageCurve.Burst(day: 10, pages: 1_600)]),
      incidents: [DemoIncident(kind: .correction(Counters(pages: 400, conversions: 60)), days: 13...lastDay)]),
    DemoOrganization(
      id: OrganizationID("stark"), name: "Stark Industries", plan: "growth", quota: growth,
      story: "the vendor answers 500 for the whole of day 12",
      keys: [(1, "demo-key-stark")], october: Counters(pages: 3_300, conversions: 560),
      curve: UsageCurve(seed: 5, pagesPerMonth: 3_600, burstProbability: 0),
      incidents: [DemoIncident(kind: .serverErrors, days: 12...12)]),
    DemoOrganization(
      id: OrganizationID("umbrella"), name: "Umbrella", plan: "starter", quota: starter,
      story: "sends nothing all month",
      keys: [(1, "demo-key-umbrella")], october: .zero,
      curve: UsageCurve(seed: 6, pagesPerMonth: 0, burstProbability: 0),
      incidents: []),
  ]
}
