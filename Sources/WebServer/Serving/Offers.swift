import HTTPTypes
import Hummingbird

/// What can be asked for.
struct Offers: Sendable {
  struct Offer: Sendable {
    let path: RouterPath
    let method: HTTPRequest.Method

    /// Whether it is what a path leads to.
    func matches(_ parts: [Substring]) -> Bool {
      parts.count == path.count && zip(path, parts).allSatisfy { $0 ~= $1 }
    }
  }

  let all: [Offer]

  /// Whether a method can be asked for at an address.
  func takes(_ method: HTTPRequest.Method, at path: some StringProtocol) -> Bool {
    methods(at: path).contains(method)
  }

  private func methods(at path: some StringProtocol) -> Set<HTTPRequest.Method> {
    let parts = path.split(separator: "/").map { Substring($0) }
    return Set(all.filter { $0.matches(parts) }.map(\.method))
  }

  /// Says that there is nothing at an address, or that it takes other methods.
  func nothing(at path: String) -> Problem {
    var methods = methods(at: path)
    guard !methods.isEmpty else { return Problem(.notFound, "there is nothing at this address") }
    if methods.contains(.get) { methods.insert(.head) }
    let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
    return Problem(.methodNotAllowed, "this address takes \(allowed) alone", [.allow: allowed])
  }
}
