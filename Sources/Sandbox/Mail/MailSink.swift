import FoundationEssentials
import Glibc
import NIOCore
import NIOExtras
import NIOPosix
import Synchronization

/// Receives mail over SMTP on 127.0.0.1 in clear text, lets every user in, and delivers nothing.
package final class MailSink: Sendable {
  /// What was received, and a way to wait for more.
  package let received: ArrivalLog<ReceivedMail>
  /// The port of the SMTP server.
  package let port: Int
  private let refusals: Refusals
  private let quiescing: ServerQuiescingHelper
  private let channel: any Channel

  /// The largest message that is taken, in bytes.
  package static let largestMessage = 10 << 20
  /// The longest line, in bytes; a longer one ends the connection.
  private static let longestLine = 1 << 20

  /// The answers to recipients that are not accepted.
  private final class Refusals: Sendable {
    let answers = Mutex<[String: String]>([:])
  }

  private init(
    received: ArrivalLog<ReceivedMail>, refusals: Refusals, quiescing: ServerQuiescingHelper, channel: any Channel
  ) {
    self.received = received
    self.refusals = refusals
    self.quiescing = quiescing
    self.channel = channel
    port = channel.localAddress?.port ?? 0
  }

  /// Starts a server; throws ``SandboxError`` if the port cannot be had.
  ///
  /// - Parameters:
  ///   - port: 0 for any free one.
  ///   - remembering: how many messages are kept.
  package static func start(port: Int = 0, remembering: Int = 1_000) async throws -> MailSink {
    let received = ArrivalLog<ReceivedMail>(capacity: remembering)
    let refusals = Refusals()
    let quiescing = ServerQuiescingHelper(group: MultiThreadedEventLoopGroup.singleton)
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
        }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let session = SMTPSession(largestMessage: largestMessage) { address in
            refusals.answers.withLock { $0[address] }
          }
          let lines = ByteToMessageHandler(LineBasedFrameDecoder(), maximumBufferSize: longestLine)
          let handler = SMTPHandler(session: session) { message in
            received.append(
              ReceivedMail(
                sender: message.sender, recipients: message.recipients, username: message.username, raw: message.raw,
                receivedAt: Date()))
          }
          try channel.pipeline.syncOperations.addHandlers([lines, handler])
        }
      }
    do {
      let channel = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
      return MailSink(received: received, refusals: refusals, quiescing: quiescing, channel: channel)
    } catch let error as IOError {
      throw SandboxError.cannotListen(service: "SMTP", port: port, reason: String(cString: strerror(error.errnoCode)))
    }
  }

  /// Answers `RCPT TO` for an address with this line, such as `550 no such user`; nil accepts it again.
  package func refuse(_ address: String, with answer: String?) {
    refusals.answers.withLock { $0[address] = answer }
  }

  /// Ends every connection and frees the port.
  package func stop() async {
    let promise = channel.eventLoop.makePromise(of: Void.self)
    quiescing.initiateShutdown(promise: promise)
    // It fails only where the server is closed already.
    try? await promise.futureResult.get()
  }
}
