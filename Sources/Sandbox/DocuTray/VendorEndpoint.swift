/// The vendor's endpoints, as far as it makes a difference what goes wrong at which.
package enum VendorEndpoint: String, CaseIterable, Sendable {
  /// `GET /api/usage`.
  case usage
  /// `POST /api/steps-async/{stepId}`.
  case steps
  /// `POST /api/convert-async` and `/api/convert`.
  case convert
  /// `POST /api/identify-async` and `/api/identify`.
  case identify
  /// The three endpoints that say how far an execution is.
  case status
}
