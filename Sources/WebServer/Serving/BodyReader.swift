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
  /// How long one may take, from the first byte to the last.
  static let deadline = Duration.seconds(30)

  /// What all that are being read may take together, in bytes.
  private let most: Int
  /// What they have taken so far.
  private let taken = Mutex(0)

  init(most: Int = 4 * largest) { self.most = most }

  /// - Parameter limit: in bytes.
  func body(of request: Request, atMost limit: Int = largest) async throws(Refusal) -> [UInt8] {
    let announced = request.headers[.contentLength].flatMap { Int($0) }
    guard announced ?? 0 <= limit else { throw Self.tooLarge(limit) }
    do {
      return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
        group.addTask { try await self.collect(request, atMost: limit) }
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
    } catch {
      throw Refusal(status: .badRequest, message: "the body did not arrive")
    }
  }

  /// Takes what has arrived, and no more: who sends little for long keeps nobody from sending.
  private func collect(_ request: Request, atMost limit: Int) async throws -> [UInt8] {
    var body: [UInt8] = []
    defer { taken.withLock { $0 -= body.count } }
    for try await part in request.body {
      guard body.count + part.readableBytes <= limit else { throw Self.tooLarge(limit) }
      guard take(part.readableBytes) else {
        throw Refusal(status: .serviceUnavailable, message: "too much is being received at once")
      }
      body.append(contentsOf: part.readableBytesView)
    }
    return body
  }

  private func take(_ size: Int) -> Bool {
    taken.withLock { taken in
      guard taken + size <= most else { return false }
      taken += size
      return true
    }
  }

  private static func tooLarge(_ limit: Int) -> Refusal {
    Refusal(status: .contentTooLarge, message: "the body is larger than \(limit) bytes")
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
