import Pages

@testable import WebServer

extension AccessMatrixTests {
  /// What a route shows, and so who may ask.
  enum Subject {
    /// Nothing of anybody.
    case nothing
    /// What proves itself by a signature.
    case signed
    /// The metrics of all organizations.
    case metrics
    /// Organizations, of which everybody sees their own.
    case organizations
    /// What is of all organizations at once.
    case whole
    /// The organization of the path.
    case organization
    /// The same, also for who shows a token for a page.
    case shared
    /// The organization of the path, for who shows a token for it.
    case embedded(EmbedToken.Kind)
    /// What a browser asks before it asks.
    case preflight
    /// Something that can be done about organizations: for who may act, and who may not see an organization is told so behind the
    /// door.
    case acting
    /// The same where what is done shows something: for who may read, too.
    case actingInSight
    /// Something that can be done, which is about all organizations at once.
    case actingOnAll
    /// Something that changes how the program works.
    case administration
    /// What everybody may send a form to, though not an empty one.
    case form
    /// What everybody is led on from.
    case leaving
  }

  static let table: [String: Subject] = [
    "GET /-/healthy": .nothing, "GET /-/ready": .nothing, "GET /metrics": .metrics,
    "POST /webhooks/{organization}": .signed,
    "GET /api/v1/organizations": .organizations, "GET /api/v1/organizations/{organization}": .shared,
    "OPTIONS /api/v1/organizations/{organization}": .preflight,
    "GET /api/v1/organizations/{organization}/series": .organization, "GET /api/v1/usage": .organizations,
    "GET /api/v1/alerts": .organizations, "GET /api/v1/deliveries": .whole,
    "GET /api/v1/runs": .whole, "GET /api/v1/reconciliation/{month}": .organizations,
    "GET /api/v1/price": .organizations, "GET /api/v1/forecasts": .organizations,
    "GET /badge/{organization}.svg": .embedded(.badge),
    "GET /": .organizations, "GET /organizations/{organization}": .organization,
    "GET /organizations/{organization}/readings.csv": .organization, "GET /alerts": .organizations,
    "GET /deliveries": .organizations, "GET /reconciliation": .organizations,
    "GET /reconciliation/{month}": .organizations, "GET /reconciliation/{month}/{format}": .organizations,
    "GET /api/v1/silences": .organizations, "GET /api/v1/log": .whole, "GET /api/v1/events": .organizations,
    "POST /api/v1/acknowledgements": .acting, "DELETE /api/v1/acknowledgements": .acting,
    "POST /api/v1/silences": .acting, "DELETE /api/v1/silences/{silence}": .acting,
    "POST /api/v1/deliveries/resend": .acting, "POST /api/v1/deliveries/dismiss": .acting,
    "POST /api/v1/notifiers/{notifier}/test": .actingOnAll, "POST /api/v1/runs": .actingOnAll,
    "POST /api/v1/reviews": .acting, "POST /api/v1/invoices": .actingOnAll, "POST /api/v1/embed-tokens": .actingInSight,
    "POST /api/v1/reload": .administration,
    "POST /organizations/{organization}": .actingInSight, "POST /alerts": .actingInSight,
    "POST /deliveries": .actingInSight, "POST /reconciliation": .actingInSight,
    "POST /reconciliation/{month}": .actingInSight, "POST /system": .actingInSight,
    "GET /sign-in": .nothing, "POST /sign-in": .form, "POST /sign-out": .leaving,
    "GET /system": .whole, "GET /embed/{organization}": .embedded(.page),
  ].merging(PageAsset.all.map { ("GET /assets/\($0.name)", .nothing) }) { first, _ in first }
}
