import FoundationEssentials
package import QuotaCore
import Subprocess

/// Runs programs by swift-subprocess.
package struct SubprocessRunner: ProgramRunner {
  /// What programs see of it.
  let environment: [String: String]

  /// - Parameters:
  ///   - environment: what programs get a part of.
  ///   - hiddenVariables: what no program gets to see.
  package init(
    environment: [String: String] = ProcessInfo.processInfo.environment, hiddenVariables: Set<String> = []
  ) {
    self.environment = environment.filter { Self.isPassedOn($0.key) && !hiddenVariables.contains($0.key) }
  }

  package func run(_ program: Program) async -> ProgramEnding {
    let outcome = await withTaskGroup { group in
      group.addTask { await start(program) }
      group.addTask { (try? await Task.sleep(for: program.deadline)) == nil ? .cancelled : .overdue }
      let first = await group.next()
      // Leaving the group waits for the program's end, which the cancellation brings about.
      group.cancelAll()
      return first
    }
    return outcome ?? .cancelled
  }

  private func start(_ program: Program) async -> ProgramEnding {
    var options = PlatformOptions()
    // A session of its own has no terminal to ask at, and is ended as a whole.
    options.createSession = true
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500))
    ]
    guard let input = ProgramInput(program.input) else {
      return .failed("there is no room for its input in the temporary directory; free some")
    }
    let variables = environment.merging(program.environment.mapValues { $0.reveal() }) { $1 }
    // The file is there until the program has ended.
    defer { withExtendedLifetime(input) {} }
    do {
      let result = try await Subprocess.run(
        Self.executable(program.arguments.first ?? ""), arguments: Arguments(Array(program.arguments.dropFirst())),
        environment: .custom(variables.reduce(into: [:]) { $0[Self.literal($1.key)] = $1.value }),
        platformOptions: options,
        input: .fileDescriptor(Self.raw(input.descriptor), closeAfterSpawningProcess: false),
        output: .bytes(limit: program.maximumOutput),
        error: .bytes(limit: program.maximumOutput))
      switch result.terminationStatus {
      case .exited(let code):
        return .exited(code: code, output: result.standardOutput, errors: result.standardError)
      case .signaled(let signal): return .signaled(signal)
      }
    } catch let error as SubprocessError {
      guard error.code != .outputLimitExceeded else {
        return .cut("it printed more than \(program.maximumOutput.grouped) bytes")
      }
      return .failed(obstacle(to: program.arguments.first ?? "") ?? "it could not be started")
    } catch {
      return .cancelled
    }
  }

  /// A mere name is looked for in `PATH`, as a shell does.
  private static func executable(_ program: String) -> Executable {
    program.contains("/") ? .path(literal(program)) : .name(program)
  }

  /// Subprocess takes paths and names of variables as types that another package makes; both can be written as text.
  private static func literal<Value: ExpressibleByStringLiteral>(_ text: String) -> Value
  where Value.StringLiteralType == String {
    Value(stringLiteral: text)
  }

  /// The same for what can be written as a number.
  private static func raw<Value: RawRepresentable>(_ number: CInt) throws -> Value where Value.RawValue == CInt {
    guard let value = Value(rawValue: number) else { throw CancellationError() }
    return value
  }

  /// What programs that keep secrets or talk to somebody need to find their files and their agent; never a secret.
  private static func isPassedOn(_ variable: String) -> Bool {
    variable.hasPrefix("LC_")
      || [
        "DBUS_SESSION_BUS_ADDRESS", "GNUPGHOME", "HOME", "LANG", "LOGNAME", "PASSWORD_STORE_DIR", "PATH",
        "SSH_AUTH_SOCK", "TZ", "USER", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR",
      ].contains(variable)
  }
}
