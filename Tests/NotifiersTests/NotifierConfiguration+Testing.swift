import Notifiers
import QuotaCore
import TestSupport

extension NotifierConfiguration {
  /// The channel with fakes for what a test does not look at.
  func notifier(
    id: NotifierID, http: any HTTPTransport = FakeHTTPTransport(), mail: any MailTransport = FakeMailTransport(),
    secrets: any SecretSource = FixedSecrets(), pages: String? = nil
  ) -> any Notifier {
    notifier(
      id: id, http: http, mail: mail, programs: FakeProgramRunner(), secrets: secrets, pages: pages, warn: { _ in })
  }
}
