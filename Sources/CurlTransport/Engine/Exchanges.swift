import CLibcurl
import QuotaCore

/// The HTTP exchanges under way, and the handles that wait for the next ones. Only the engine's thread uses it.
final class Exchanges {
  private struct Exchange {
    let transfer: HTTPTransfer
    let easy: EasyHandle
    let completion: Engine.Completion
  }

  private let multi: MultiHandle
  /// By libcurl's handle.
  private var active: [UnsafeMutableRawPointer: Exchange] = [:]
  private var idle: [EasyHandle] = []
  private static let mostIdle = 64

  init(on multi: MultiHandle) {
    self.multi = multi
  }

  func start(_ transfer: HTTPTransfer, _ completion: Engine.Completion) {
    guard !transfer.isCancelled else { return completion.resume(returning: .failure(.cancelled)) }
    do throws(TransportError) {
      let easy = if let used = idle.popLast() { used } else { try EasyHandle() }
      try transfer.prepare(easy)
      guard curl_multi_add_handle(multi.pointer, easy.pointer) == CURLM_OK else {
        throw .disconnected("libcurl cannot take another request")
      }
      transfer.easy = easy.pointer
      active[easy.pointer] = Exchange(transfer: transfer, easy: easy, completion: completion)
    } catch {
      completion.resume(returning: .failure(error))
    }
  }

  func cancel(_ transfer: HTTPTransfer) {
    transfer.isCancelled = true
    guard let easy = transfer.easy, let exchange = active.removeValue(forKey: easy) else { return }
    end(exchange, transfer.resultWhenCancelled(exchange.easy))
  }

  /// Does what can be done without waiting. False if libcurl is unable to go on.
  func advance() -> Bool {
    guard multi.perform() else { return false }
    while let (pointer, code) = multi.nextFinished() {
      guard let exchange = active.removeValue(forKey: pointer) else { continue }
      end(exchange, exchange.transfer.result(code, exchange.easy))
    }
    return true
  }

  /// Cancels everything.
  func endAll() {
    let exchanges = active.values
    active = [:]
    for exchange in exchanges { end(exchange, .failure(.cancelled)) }
    idle = []
  }

  private func end(_ exchange: Exchange, _ result: Result<TransportResponse, TransportError>) {
    curl_multi_remove_handle(multi.pointer, exchange.easy.pointer)
    exchange.transfer.easy = nil
    exchange.transfer.release(exchange.easy)
    if idle.count < Self.mostIdle { idle.append(exchange.easy) }
    exchange.completion.resume(returning: result)
  }
}
