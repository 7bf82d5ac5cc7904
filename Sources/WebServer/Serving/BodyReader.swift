import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Reads the bodies of requests, within limits of each one's size and time, and of what all take together.
final class BodyReader: Sendable {
  /// Why a body is not read.
  struct Refusal: Error {
    let status: HTTPResponse.Status
    /// One line.
    let message: String
  }

  /// The largest body that is taken, in bytes.
  static let largest = 16 << 20
  /// What all that are being read may take together, in bytes.
  static let most = 4 * largest
  /// How long one may take, from the first byte to the last.
  static let deadline = Duration.seconds(30)

  private let reserved = Mutex(0)

  func body(of request: Request) async throws(Refusal) -> [UInt8] {
    let announced = request.headers[.contentLength].flatMap { Int($0) }
    guard announced ?? 0 <= Self.largest else {
      throw Refusal(status: .contentTooLarge, message: "the body is larger than \(Self.largest) bytes")
    }
    // Of a body that does not say how long it is, anything may come.
    let size = announced ?? Self.largest
    guard reserve(size) else {
      throw Refusal(status: .serviceUnavailable, message: "too much is being received at once")
    }
    defer { reserved.withLock { $0 -= size } }
    return try await collect(request)
  }

  private func reserve(_ size: Int) -> Bool {
    reserved.withLock { reserved in
      guard reserved + size <= Self.most else { return false }
      reserved += size
      return true
    }
  }

  private func collect(_ request: Request) async throws(Refusal) -> [UInt8] {
    do {
      return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
        group.addTask { Array(try await request.body.collect(upTo: Self.largest).readableBytesView) }
        group.addTask {
          try await Task.sleep(for: Self.deadline)
          return nil
        }
        defer { group.cancelAll() }
        guard let body = try await group.next() ?? nil else {
          throw Refusal(status: .requestTimeout, message: "the body did not arrive within \(Self.deadline)")
        }
        return body
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch is NIOTooManyBytesError {
      throw Refusal(status: .contentTooLarge, message: "the body is larger than \(Self.largest) bytes")
    } catch {
      throw Refusal(status: .badRequest, message: "the body did not arrive")
    }
  }
}

extension Response {
  /// How long the other side may take to read an answer to a request that was not read to its end.
  private static let farewell = TimeAmount.seconds(2)

  /// This answer, after which the connection ends, whatever the other side still sends.
  func closing(_ context: ServerContext) -> Response {
    var response = self
    response.headers[.connection] = "close"
    let (body, channel) = (body, context.channel)
    response.body = ResponseBody(contentLength: body.contentLength) { writer in
      try await body.write(writer)
      _ = channel.eventLoop.scheduleTask(in: Self.farewell) { channel.close(promise: nil) }
    }
    return response
  }
}
