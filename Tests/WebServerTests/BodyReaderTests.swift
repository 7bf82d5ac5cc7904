import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Testing

@testable import WebServer

@Suite("Reading the body of a request", .timeLimit(.minutes(1)))
struct BodyReaderTests {
  private static func request(_ body: RequestBody, length: Int? = nil) -> Request {
    var head = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/")
    head.headerFields[.contentLength] = length.map(String.init)
    return Request(head: head, body: body)
  }

  private static func whole(_ count: Int) -> Request {
    request(RequestBody(buffer: ByteBuffer(repeating: 0x20, count: count)))
  }

  /// Reads some bodies of which a little has arrived, and does something meanwhile.
  private static func trickling(
    _ count: Int, _ size: Int, to reader: BodyReader, _ meanwhile: () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Int.self) { group in
      var sources: [RequestBody.Source] = []
      for _ in 0..<count {
        let (body, source) = RequestBody.makeStream()
        group.addTask { try await reader.body(of: request(body)).count }
        // More than waits: the first were taken.
        for _ in 0..<8 { await source.yield(ByteBuffer(repeating: 0x20, count: size)) }
        sources.append(source)
      }
      try await meanwhile()
      for source in sources { source.finish() }
      for try await read in group { #expect(read == 8 * size) }
    }
  }

  @Test("keeps nobody out for those who send little for long")
  func trickle() async throws {
    let reader = BodyReader()
    try await Self.trickling(8, 1, to: reader) {
      let read = try await reader.body(of: Self.whole(BodyReader.largest))
      #expect(read.count == BodyReader.largest)
    }
  }

  @Test("takes so much of all together, and of one")
  func limits() async throws {
    let reader = BodyReader(most: 100)
    try await Self.trickling(1, 10, to: reader) {
      let refusal = await #expect(throws: BodyReader.Refusal.self) { try await reader.body(of: Self.whole(99)) }
      #expect(refusal?.status == .serviceUnavailable)
    }
    let read = try await reader.body(of: Self.whole(99))
    #expect(read.count == 99)
    for request in [Self.whole(31), Self.request(RequestBody(buffer: ByteBuffer()), length: 31)] {
      let refusal = await #expect(throws: BodyReader.Refusal.self) {
        try await reader.body(of: request, atMost: 30)
      }
      #expect(refusal?.status == .contentTooLarge)
    }
  }
}
