/// Where a person shows a token, to read or to act.
package struct SignInPage: Sendable {
  private let next: String
  private let problem: String?

  /// - Parameters:
  ///   - next: the path that one goes on to.
  ///   - problem: why one is not signed in.
  package init(next: String, problem: String?) {
    (self.next, self.problem) = (next, problem)
  }

  package func html(_ frame: PageFrame) -> String {
    frame.document("Sign in", at: nil, "sign-in", ["next": .text(next), "problem": .text(ifAny: problem)])
  }
}
