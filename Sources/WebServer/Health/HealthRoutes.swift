import Hummingbird

/// Whether the process answers (`/-/healthy`), and whether it can do its work (`/-/ready`). Vendors and channels do not
/// matter: their troubles are what the program tells of.
package struct HealthRoutes: ServerRoutes {
  private let problems: @Sendable () async -> [String]
  private let remarks: @Sendable () -> [String]

  /// - Parameters:
  ///   - problems: what keeps the program from its work, a line each.
  ///   - remarks: what is wrong and does not, a line each; everybody may see them.
  package init(problems: @escaping @Sendable () async -> [String], remarks: @escaping @Sendable () -> [String]) {
    (self.problems, self.remarks) = (problems, remarks)
  }

  package func add(to router: RouterOfServer) {
    router.get("/-/healthy") { _, _ in Response.text("healthy\n") }
    router.get("/-/ready") { _, _ in
      let problems = await problems()
      return problems.isEmpty
        ? Response.text((["ready"] + remarks()).joined(separator: "\n") + "\n")
        : .problem(.serviceUnavailable, problems.joined(separator: "; "))
    }
  }
}
