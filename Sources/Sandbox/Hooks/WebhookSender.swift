import FoundationEssentials
import NIOCore
import NIOPosix

/// Sends a webhook to an address of this machine, over HTTP/1.1.
enum WebhookSender {
  /// What came back.
  struct Answer: Encodable, Sendable {
    let status: Int
    let body: String
  }

  /// Why nothing came back.
  struct Failure: Error {
    let message: String
  }

  /// How long the vendor waits for an answer.
  private static let patience = TimeAmount.seconds(30)
  private static let largestAnswer = 1 << 20

  /// - Parameter url: `http://HOST:PORT/PATH`.
  static func send(_ webhook: VendorWebhook, to url: String) async throws -> Answer {
    guard let target = Target(url) else {
      throw Failure(message: "expected an address such as http://127.0.0.1:8090/webhooks/acme")
    }
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    do {
      channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(patience)
        .connect(host: target.host, port: target.port) { channel in
          channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
    } catch {
      throw Failure(message: "\(target.host):\(target.port) cannot be connected to")
    }
    let timer = channel.channel.eventLoop.scheduleTask(in: patience) { channel.channel.close(promise: nil) }
    defer { timer.cancel() }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(bytes: request(webhook, to: target)))
      var bytes: [UInt8] = []
      for try await buffer in inbound {
        bytes += buffer.readableBytesView
        guard bytes.count <= largestAnswer else { break }
      }
      return try answer(bytes)
    }
  }

  private static func request(_ webhook: VendorWebhook, to target: Target) -> [UInt8] {
    let headers = webhook.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    let head =
      "POST \(target.path) HTTP/1.1\r\nHost: \(target.host):\(target.port)\r\n\(headers)"
      + "Content-Length: \(webhook.body.count)\r\nConnection: close\r\n\r\n"
    return Array(head.utf8) + webhook.body
  }

  private static func answer(_ bytes: [UInt8]) throws -> Answer {
    let text = String(decoding: bytes, as: UTF8.self)
    let words = text.prefix { $0 != "\r\n" }.split(separator: " ")
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
      throw Failure(message: "the other side gave no answer")
    }
    let body = text.firstRange(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
    return Answer(status: status, body: body)
  }

  private struct Target {
    let host: String
    let port: Int
    let path: String

    init?(_ url: String) {
      guard url.hasPrefix("http://"), !url.contains(where: { $0.isWhitespace || $0 == "@" }) else { return nil }
      let rest = url.dropFirst("http://".count)
      let authority = rest.prefix { $0 != "/" }
      let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
      guard let host = parts.first, !host.isEmpty, parts.count <= 2,
        let port = parts.count == 2 ? Int(parts[1]) : 80, (1...65_535).contains(port)
      else { return nil }
      self.host = String(host)
      self.port = port
      let path = rest.dropFirst(authority.count)
      self.path = path.isEmpty ? "/" : String(path)
    }
  }
}
