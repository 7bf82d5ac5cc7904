import QuotaCore

/// A program that prints a secret.
struct SecretCommand: Sendable {
  /// The program and its arguments; no shell reads them.
  let arguments: [String]
  /// What a relative path of the program is relative to.
  let directory: String
  /// How long the program may take.
  let deadline: Duration
  let runner: any ProgramRunner

  /// Runs the program and takes the first line that it prints.
  ///
  /// It gets no input and only some of the environment. What it says on standard error is thrown away, since it may
  /// hold the secret too.
  func secret() async throws(SecretError) -> Secret {
    switch await runner.run(Program([program] + arguments.dropFirst(), deadline: deadline)) {
    case .exited(code: 0, let output, errors: _): return try secret(in: output)
    case .exited(let code, output: _, errors: _): throw failure("it ended with status \(code); \(Self.advice)")
    case .signaled(let signal): throw failure("it was ended by signal \(signal); \(Self.advice)")
    case .failed(let reason): throw failure(reason)
    case .overdue: throw failure("it did not end within \(deadline.components.seconds) s; it must not ask for anything")
    case .cancelled: throw failure("interrupted")
    }
  }

  private static let advice = "run it by hand as this user to see why"

  private func secret(in output: [UInt8]) throws(SecretError) -> Secret {
    do throws(Secret.Defect) {
      return try Secret(bytes: Array(output.prefix { $0 != UInt8(ascii: "\n") }))
    } catch {
      throw failure("the first line that it prints cannot be a secret: \(error.message)")
    }
  }

  private var program: String {
    let program = arguments.first ?? ""
    return program.contains("/") ? program.inside(directory) : program
  }

  private func failure(_ reason: String) -> SecretError {
    SecretError("\(SecretReference.command(arguments).source): \(reason)")
  }
}
