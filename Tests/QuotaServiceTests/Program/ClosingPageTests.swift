import Foundation
import QuotaCore
import Sandbox
import Testing

@testable import QuotaService

@Suite("docs/close-a-month.md")
struct ClosingPageTests {
  /// A command of the page, and what the page shows of it.
  private struct Step {
    let command: String
    let output: [String]
    let isOnTerminal: Bool
  }

  @Test("can be followed with the files of docs/sample, and shows what comes out", .timeLimit(.minutes(3)))
  func replay() async throws {
    let blocks = Self.blocks(String(decoding: try Project.text(of: "docs/close-a-month.md"), as: UTF8.self))
    let shell = blocks.filter { $0.kind.hasPrefix("sh ") }.map(\.lines)
    #expect(
      shell == [
        ["quotawatch sandbox --port 8480 --organizations 0"], ["cp -r docs/sample /tmp/closing && cd /tmp/closing"],
      ])
    let steps = blocks.filter { $0.kind.hasPrefix("console") }.flatMap(Self.steps)
    #expect(steps.count == 9)
    try await Sandbox.withRunning(organizations: [], clock: .system) { sandbox async throws in
      try await BuiltProgram.withFolder { folder async throws in
        try Self.copySample(to: folder, for: sandbox)
        for step in steps {
          let lines = try Self.run(step, in: folder, sandbox)
          #expect(lines.count == step.output.count, "\(step.command): \(lines)")
          for (line, shown) in zip(lines, step.output) { #expect(Self.agrees(line, shown), "\(line)") }
        }
        for file in ["reconciliation.xlsx", "reconciliation.html"] {
          #expect(try !Data(contentsOf: folder.appending(path: file)).isEmpty)
        }
        let statements = try String(contentsOf: folder.appending(path: "reconciliation.html"), encoding: .utf8)
        #expect(statements.contains("Example Billing Ltd") && statements.contains("data:image/svg+xml;base64,"))
      }
    }
  }

  /// The code blocks of a page with what stands behind their fences, without the indentation of a list.
  private static func blocks(_ page: String) -> [(kind: String, lines: [String])] {
    var blocks: [(kind: String, lines: [String])] = []
    var open: (kind: String, indentation: Int, lines: [String])?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.drop { $0 == " " }
      if let block = open {
        if text == "```" {
          blocks.append((block.kind, block.lines))
          open = nil
        } else {
          open?.lines.append(String(line.dropFirst(min(block.indentation, line.count - text.count))))
        }
      } else if text.hasPrefix("```") {
        open = (String(text.dropFirst(3)), line.count - text.count, [])
      }
    }
    return blocks
  }

  private static func steps(_ block: (kind: String, lines: [String])) -> [Step] {
    block.lines.indices.filter { block.lines[$0].hasPrefix("$ ") }.map { index in
      Step(
        command: String(block.lines[index].dropFirst(2)),
        output: Array(block.lines[(index + 1)...].prefix { !$0.hasPrefix("$ ") }),
        isOnTerminal: block.kind.hasSuffix(" terminal"))
    }
  }

  /// The sample, with the address of this sandbox in the place of the page's.
  private static func copySample(to folder: URL, for sandbox: Sandbox) throws {
    let sample = URL(filePath: Project.root).appending(path: "docs/sample")
    for name in try FileManager.default.contentsOfDirectory(atPath: sample.path) {
      try FileManager.default.copyItem(at: sample.appending(path: name), to: folder.appending(path: name))
    }
    for name in ["alerts.json", "vendor.sh"] {
      let file = folder.appending(path: name)
      let text = try String(contentsOf: file, encoding: .utf8)
      try Data(text.replacing("http://127.0.0.1:8480", with: sandbox.baseURL).utf8).write(to: file)
    }
  }

  /// What a person sees of a command.
  private static func run(_ step: Step, in folder: URL, _ sandbox: Sandbox) throws -> [String] {
    let process = Process()
    let output = folder.appending(path: "shown")
    try Data().write(to: output)
    let handle = try FileHandle(forWritingTo: output)
    process.executableURL = URL(filePath: step.isOnTerminal ? "/usr/bin/script" : "/bin/sh")
    process.arguments = step.isOnTerminal ? ["-qec", step.command, "/dev/null"] : ["-c", step.command]
    process.currentDirectoryURL = folder
    let programs = try BuiltProgram.binary.deletingLastPathComponent().path
    process.environment = [
      "PATH": "\(programs):/usr/bin:/bin", "HOME": folder.path, "TERM": "dumb", "COLUMNS": "120", "SHELL": "/bin/sh",
    ]
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let isReport = step.command.hasPrefix("quotawatch report")
    #expect(process.terminationStatus == (isReport ? ExitStatus.notMatched.rawValue : 0), "\(step.command)")
    let text = try String(contentsOf: output, encoding: .utf8).replacing("\r\n", with: "\n")
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast()
  }

  /// Whether a line is as it is shown; `…` stands for anything.
  private static func agrees(_ line: String, _ shown: String) -> Bool {
    guard let gap = shown.firstIndex(of: "…") else { return line == shown }
    return line.hasPrefix(shown[..<gap]) && line.hasSuffix(shown[shown.index(after: gap)...])
  }
}
