import Hummingbird
import QuotaCore

/// `/sandbox/keys`: which keys are valid.
extension Control {
  private enum KeyChange {
    case add(String, OrganizationID)
    case revoke(String)
  }

  func registerKeys(on router: Router<SandboxContext>) {
    router.post("/sandbox/keys") { request, _ in
      try await ControlExchange.take(request) { object -> KeyChange? in
        let add = object.optional("add")
        let revoke = object.optional("revoke")
        let organization = object.optional("organization")
        switch (add, organization, revoke) {
        case (let add?, let organization?, nil):
          guard let key = add.string(), let id = self.organization(organization) else { return nil }
          return .add(key, id)
        case (nil, nil, let revoke?):
          return revoke.string().map(KeyChange.revoke)
        default:
          object.node.report("expected either \"add\" and \"organization\", or \"revoke\"")
          return nil
        }
      } then: { change in
        switch change {
        case .add(let key, let organization): ["changed": vendor.addKey(key, to: organization)]
        case .revoke(let key): ["changed": vendor.revokeKey(key)]
        }
      }
    }
  }
}
