import CurlTransport
import Foundation
import QuotaCore
import TestSupport
import Testing

extension TransportError {
  /// The case without its message.
  enum Kind: Sendable {
    case unreachable, disconnected, timeout, tls, tooLarge, refused, protocolViolation, cancelled
  }

  var kind: Kind {
    switch self {
    case .unreachable: .unreachable
    case .disconnected: .disconnected
    case .timeout: .timeout
    case .tls: .tls
    case .tooLarge: .tooLarge
    case .refused: .refused
    case .protocolViolation: .protocolViolation
    case .cancelled: .cancelled
    }
  }
}

/// A transport as the program makes it.
func makeTransport() throws -> CurlTransport { try CurlTransport(userAgent: "quotawatch/test") }

extension CurlTransport {
  /// Sends a request that has to fail.
  func failure(of request: TransportRequest) async -> TransportError? {
    do throws(TransportError) {
      let response = try await send(request)
      Issue.record("answered \(response.status)")
      return nil
    } catch {
      return error
    }
  }

  /// Sends a message that has to be refused.
  func failure(of message: MailMessage, via server: MailServer) async -> MailError? {
    do throws(MailError) {
      let receipt = try await send(message, via: server)
      Issue.record("answered \(receipt.answer)")
      return nil
    } catch {
      return error
    }
  }

  func get(_ url: String) async throws -> TransportResponse { try await send(TransportRequest(.get, url: Secret(url))) }
}

extension TransportResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// So many zeros, compressed.
func gzippedZeros(_ count: Int) throws -> [UInt8] {
  let process = Process()
  let output = Pipe()
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments = ["-c", "head -c \(count) /dev/zero | gzip -9"]
  process.standardOutput = output
  try process.run()
  let bytes = try output.fileHandleForReading.rest()
  process.waitUntilExit()
  return [UInt8](bytes)
}
