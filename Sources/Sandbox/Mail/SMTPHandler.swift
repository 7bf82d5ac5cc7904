import NIOCore
import NIOExtras

/// Carries an ``SMTPSession`` on a connection whose lines a `LineBasedFrameDecoder` has cut.
final class SMTPHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var session: SMTPSession
  private let take: (SMTPSession.Mail) -> Void

  /// - Parameter take: keeps a message, before the client hears that it was taken.
  init(session: SMTPSession, take: @escaping (SMTPSession.Mail) -> Void) {
    self.session = session
    self.take = take
  }

  func channelActive(context: ChannelHandlerContext) {
    write([SMTPSession.greeting], on: context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch session.receive(Array(unwrapInboundIn(data).readableBytesView)) {
    case .silence: break
    case .reply(let lines): write(lines, on: context)
    case .message(let message, let line):
      take(message)
      write([line], on: context)
    case .goodbye(let line):
      write([line], on: context)
      context.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // The sink is being stopped.
    if event is ChannelShouldQuiesceEvent { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // A line beyond all measure, or a broken connection: nothing more can be understood.
    context.close(promise: nil)
  }

  private func write(_ lines: [String], on context: ChannelHandlerContext) {
    let text = lines.map { $0 + "\r\n" }.joined()
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
  }
}
