import Hummingbird

/// Whether the process answers (`/-/healthy`), and whether it can do its work (`/-/ready`). Vendors and channels do not
/// matter: their troubles are what the program tells of.
package struct HealthRoutes: ServerRoutes {
  private let problems: @Sendable () async -> [String]

  /// - Parameter problems: what keeps the program from its work, a line each.
  package init(problems: @escaping @Sendable () async -> [String]) {
    self.problems = problems
  }

  package func add(to router: RouterOfServer) {
    router.get("/-/healthy") { _, _ in Response.text("healthy\n") }
    router.get("/-/ready") { _, _ in
      let problems = await problems()
      return problems.isEmpty
        ? Response.text("ready\n") : .problem(.serviceUnavailable, problems.joined(separator: "; "))
    }
  }
}
