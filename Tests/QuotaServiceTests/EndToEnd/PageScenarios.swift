import Foundation
import HTTPTypes
import QuotaCore
import Sandbox
import TestSupport
import Testing

@testable import QuotaService

/// What the pages of a server say of things as they are.
@Suite("A page of the server", .timeLimit(.minutes(5)))
struct PageScenarios {
  @Test("of the system shows what the configuration is warned of beside what was found")
  func warnings() async throws {
    try await ServedInstallation.run(
      plans: #"{ "pro": { "quota": { "conversions": 5 } } }"#, members: #", "plan": "pro""#
    ) { served in
      let cookie = try await served.signIn(as: "mara")
      #expect(!served.setup.configuration.warnings.isEmpty)
      await served.check.look(with: served.setup)
      let page = try await served.page("/system", cookie)
      #expect(!page.contains("nothing is wrong"))
      for warning in served.setup.configuration.warnings {
        #expect(page.contains(warning.replacing("\"", with: "&quot;")), "\(warning)")
      }
    }
  }
}
