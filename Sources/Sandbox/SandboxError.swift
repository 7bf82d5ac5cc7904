/// Why a sandbox could not start.
package enum SandboxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The port is taken or may not be used by this user.
  case cannotListen(service: String, port: Int, reason: String)

  package var description: String {
    switch self {
    case .cannotListen(let service, let port, let reason):
      "the sandbox cannot listen for \(service) on 127.0.0.1:\(port) (\(reason)); "
        + "choose another port, or 0 for any free one"
    }
  }
}
