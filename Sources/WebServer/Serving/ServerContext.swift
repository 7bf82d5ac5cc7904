package import Hummingbird
import NIOCore
import QuotaCore

package typealias RouterOfServer = Router<ServerContext>

/// What a route knows of a request besides its text.
package struct ServerContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  let channel: any Channel
  /// Who asks; nil on routes that are open to everybody.
  var visitor: AccessPolicy.Visitor?

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// The organization that the path names, if who asks may see it. What they may not see is as what there is not.
  ///
  /// - Throws: that there is none.
  func organization() throws(Problem) -> OrganizationID {
    guard let id = parameters.get("organization").map({ OrganizationID($0) }), visitor?.sees(id) == true else {
      throw .noOrganization
    }
    return id
  }

  /// The address of the other side, such as `127.0.0.1`; nil where it is not known.
  var peer: String? { channel.remoteAddress?.ipAddress }
}
