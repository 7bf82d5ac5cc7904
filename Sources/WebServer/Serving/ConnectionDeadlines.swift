import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Ends connections whose other side takes too long, whatever trickles in or out: over the head of a request, over the whole
/// request, or over taking the answer. Where nothing was answered yet, it says so, and so it does of what is no request.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// From the first byte of a request to the end of its head.
  static let head = TimeAmount.seconds(10)
  /// From the end of the head to the end of the body; longer than a route that reads one waits for it.
  static let body = TimeAmount.seconds(40)
  /// From the beginning of an answer until its last byte was taken, apart from a second for each ``slowest`` bytes.
  static let answer = TimeAmount.seconds(30)
  /// How many bytes of an answer the other side is to take in a second.
  static let slowest = 16 << 10
  /// How long the other side may take to read why a connection ends.
  static let farewell = TimeAmount.seconds(2)

  /// What has come of the requests.
  private enum Arrival {
    case nothing, head, body
    /// The connection ends; what still comes is left out.
    case over
  }

  private var reading = Arrival.nothing
  /// How many requests have come whose answers were not written to their ends.
  private var unanswered = 0
  /// How many answers have begun that were not taken to their ends.
  private var untaken = 0
  /// Ends the connection unless the request has come on.
  private var request: Scheduled<Void>?
  private var taking: Scheduled<Void>?
  private var takenBy = NIODeadline.distantFuture
  /// Whether the answer goes on for ever: then each part of it is to be taken in time.
  private var isEndless = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard reading != .over else { return }
    switch unwrapInboundIn(data) {
    case .head:
      unanswered += 1
      expect(.body, within: Self.body, context)
    case .body: break
    case .end: expect(.nothing, within: nil, context)
    }
    context.fireChannelRead(data)
  }

  /// Bytes have come: if they are none of a request whose head has come, the head of one has begun.
  func channelReadComplete(context: ChannelHandlerContext) {
    if reading == .nothing, unanswered == 0 { expect(.head, within: Self.head, context) }
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError, unanswered == 0, reading != .over else {
      return context.fireErrorCaught(error)
    }
    let isTooLarge = error == .headerOverflow
    refuse(
      isTooLarge ? .requestHeaderFieldsTooLarge : .badRequest,
      isTooLarge ? "the head of the request is too large" : "this is no request of HTTP/1.1", context)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      isEndless = head.headerFields[.contentType] == "text/event-stream"
      beginAnswer(context)
    case .body(let bytes):
      if isEndless { takenBy = context.eventLoop.now + Self.answer }
      takenBy = takenBy + .nanoseconds(Int64(bytes.readableBytes) * 1_000_000_000 / Int64(Self.slowest))
    case .end:
      unanswered -= 1
      let taken = promise ?? context.eventLoop.makePromise(of: Void.self)
      taken.futureResult.assumeIsolated().whenComplete { [self] _ in endAnswer() }
      return context.write(data, promise: taken)
    }
    context.write(data, promise: promise)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  private func end() {
    request?.cancel()
    taking?.cancel()
    (reading, request, taking) = (.over, nil, nil)
  }

  // MARK: - A request

  /// - Parameter time: how long that may take; nil for ever.
  private func expect(_ next: Arrival, within time: TimeAmount?, _ context: ChannelHandlerContext) {
    request?.cancel()
    reading = next
    request = time.map { time in
      context.eventLoop.assumeIsolated().scheduleTask(in: time) { [self] in
        if next == .head {
          refuse(
            .requestTimeout,
            "the head of the request did not arrive within \(Self.head.nanoseconds / 1_000_000_000) seconds", context)
        } else {
          context.close(promise: nil)
        }
      }
    }
  }

  /// Says why a connection ends, and ends it.
  private func refuse(_ status: HTTPResponse.Status, _ detail: String, _ context: ChannelHandlerContext) {
    end()
    let bytes = Problem(status, detail).bytes
    var head = HTTPResponse(status: status, headerFields: Problem.type)
    SecurityHeaders.add(to: &head.headerFields)
    head.headerFields[.connection] = "close"
    head.headerFields[.contentLength] = "\(bytes.count)"
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    // What was sent in the meantime and not read would make the other side drop the answer.
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewell) { context.close(promise: nil) }
  }

  // MARK: - An answer

  private func beginAnswer(_ context: ChannelHandlerContext) {
    untaken += 1
    guard untaken == 1 else { return }
    takenBy = context.eventLoop.now + Self.answer
    watch(until: takenBy, context)
  }

  private func endAnswer() {
    untaken -= 1
    guard untaken == 0 else { return }
    taking?.cancel()
    taking = nil
  }

  private func watch(until deadline: NIODeadline, _ context: ChannelHandlerContext) {
    taking = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
      // More has been written in the meantime.
      if takenBy > deadline { watch(until: takenBy, context) } else { context.close(promise: nil) }
    }
  }
}
