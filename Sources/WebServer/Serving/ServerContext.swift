package import Hummingbird
import NIOCore

package typealias RouterOfServer = Router<ServerContext>

/// What a route knows of a request besides its text.
package struct ServerContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  let channel: any Channel
  /// Who asks; set before any route.
  var visitor: AccessPolicy.Visitor?

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// The address of the other side, such as `127.0.0.1`; nil where it is not known.
  var peer: String? { channel.remoteAddress?.ipAddress }
}
