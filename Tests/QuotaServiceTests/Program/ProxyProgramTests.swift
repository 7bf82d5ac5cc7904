import Foundation
import TestSupport
import Testing

@Suite("Behind a proxy, as a user is")
struct ProxyProgramTests {
  @Test(
    "the proxy is named where it is the proxy that fails, in the run, in `check` and in `status`",
    arguments: [403, 407])
  func refused(status: Int) async throws {
    let proxy = try ScriptedServer(.http(status))
    try await BuiltProgram.withFolder { folder async throws in
      let program = BuiltProgram(
        folder: folder,
        environment: [
          "DOCUTRAY_BASE_URL": "https://vendor.invalid", "DOCUTRAY_API_KEY": "key-acme-7f3a9c",
          "HTTPS_PROXY": "http://somebody:proxy-word@127.0.0.1:\(proxy.port)",
        ])
      let run = try await program.run(["collect"])
      #expect(run.status == 2)
      let checked = try await program.run(["check", "--online"])
      let shown = try await program.run(["status"])
      for text in [run.errors, checked.output, shown.output] {
        #expect(text.contains("the proxy 127.0.0.1:\(proxy.port) "), "\(text)")
        #expect(text.contains("HTTP \(status)"))
        #expect(!text.contains("proxy-word"))
      }
    }
  }
}
