import FoundationEssentials
import Hummingbird
import NIOCore
import NIOHTTPTypes
import QuotaCore

/// Puts the simulated vendor's time into the `Date` header of its answers, where the server has put the machine's.
final class DateHandler: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let now: @Sendable () -> Date

  init(now: @escaping @Sendable () -> Date) {
    self.now = now
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .head(var head) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
    head.headerFields[.date] = HTTPDate.text(of: now())
    context.write(wrapOutboundOut(.head(head)), promise: promise)
  }
}
