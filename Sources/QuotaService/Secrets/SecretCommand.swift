import QuotaCore
import Subprocess

/// A program that prints a secret.
struct SecretCommand: Sendable {
  /// The program and its arguments; no shell reads them.
  let arguments: [String]
  /// What a relative path of the program is relative to.
  let directory: String
  let environment: [String: String]
  /// How long the program may take.
  let deadline: Duration

  /// The most that a program may print, in bytes.
  private static let maximumOutput = 1 << 16

  /// Runs the program and takes the first line that it prints.
  ///
  /// It gets no input and only some of the environment. What it says on standard error is thrown away, since it may
  /// hold the secret too.
  func secret() async throws(SecretError) -> Secret {
    let output = try await finishedOutput()
    do throws(Secret.Defect) {
      return try Secret(bytes: Array(output.prefix { $0 != UInt8(ascii: "\n") }))
    } catch {
      throw failure("the first line that it prints cannot be a secret: \(error.rawValue)")
    }
  }

  private enum Outcome: Sendable {
    case ended(TerminationStatus, output: [UInt8])
    case failed(String)
    case overdue
    case cancelled
  }

  private func finishedOutput() async throws(SecretError) -> [UInt8] {
    let outcome = await withTaskGroup { group in
      group.addTask { await run() }
      group.addTask { (try? await Task.sleep(for: deadline)) == nil ? .cancelled : .overdue }
      let first = await group.next()
      // Leaving the group waits for the program's end, which the cancellation brings about.
      group.cancelAll()
      return first
    }
    switch outcome {
    case .ended(let status, let output):
      guard !status.isSuccess else { return output }
      throw failure("it \(Self.words(status)); run it by hand as this user to see why")
    case .failed(let reason): throw failure(reason)
    case .overdue: throw failure("it did not end within \(deadline.components.seconds) s; it must not ask for anything")
    case .cancelled, nil: throw failure("interrupted")
    }
  }

  private func run() async -> Outcome {
    var options = PlatformOptions()
    // A session of its own has no terminal to ask at, and is ended as a whole.
    options.createSession = true
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500))
    ]
    do {
      let result = try await Subprocess.run(
        executable, arguments: Arguments(Array(arguments.dropFirst())),
        environment: .custom(environment.reduce(into: [:]) { $0[Self.literal($1.key)] = $1.value }),
        platformOptions: options, input: .none, output: .bytes(limit: Self.maximumOutput), error: .discarded)
      return .ended(result.terminationStatus, output: result.standardOutput)
    } catch let error as SubprocessError {
      switch error.code {
      case .executableNotFound: return .failed("there is no such program; install it, or give its full path")
      case .outputLimitExceeded: return .failed("it printed more than \(Self.maximumOutput) bytes")
      default: return .failed("it could not be started")
      }
    } catch {
      return .cancelled
    }
  }

  private var program: String { arguments.first ?? "" }

  /// A mere name is looked for in `PATH`, as a shell does.
  private var executable: Executable {
    program.contains("/") ? .path(Self.literal(program.inside(directory))) : .name(program)
  }

  /// Subprocess takes paths and names of variables as types that another package makes; both can be written as text.
  private static func literal<Value: ExpressibleByStringLiteral>(_ text: String) -> Value
  where Value.StringLiteralType == String {
    Value(stringLiteral: text)
  }

  private static func words(_ status: TerminationStatus) -> String {
    switch status {
    case .exited(let code): "ended with status \(code)"
    case .signaled(let signal): "was ended by signal \(signal)"
    }
  }

  private func failure(_ reason: String) -> SecretError {
    SecretError("\(SecretReference.command(arguments).source): \(reason)")
  }
}
