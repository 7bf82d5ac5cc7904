import Testing

@testable import WebServer

@Suite("Where a server listens")
struct PlaceTests {
  @Test(
    "is an address with a port",
    arguments: [
      ("127.0.0.1:8090", true), ("localhost:0", true), ("[::1]:80", true), ("127.0.0.1", false), ("::1:80", false),
      (":80", false), ("h:65536", false), ("h:-1", false), ("", false),
    ])
  func addresses(text: String, isOne: Bool) {
    #expect((WebServer.Place(text) != nil) == isOne)
  }

  @Test(
    "is on this machine alone, or not",
    arguments: [
      ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("[::1]:1", true), ("[0:0:0:0:0:0:0:1]:1", true),
      ("localhost:1", true), ("0.0.0.0:1", false), ("[::]:1", false), ("127.example.com:1", false),
      ("127.0.0.1.example.com:1", false), ("localhost.example.com:1", false),
    ])
  func loopback(text: String, isLoopback: Bool) throws {
    let place = try #require(WebServer.Place(text))
    #expect(place.isLoopback == isLoopback)
    #expect(place.url(port: 1) == "http://\(text)")
  }
}
