import QuotaCore

/// A program that prints a secret, or many.
struct SecretCommand: Sendable {
  /// How a program is called.
  struct Call: Hashable {
    /// The program and its arguments; no shell reads them.
    let arguments: [String]
    /// Whether it prints many secrets, or one on its first line.
    let knowsMany: Bool
  }

  let call: Call
  /// What a relative path of the program is relative to.
  let directory: String
  /// How long the program may take.
  let deadline: Duration
  let runner: any ProgramRunner

  /// How much it may print, in bytes: one secret, or the keys of tens of thousands of organizations.
  private var maximumOutput: Int { call.knowsMany ? 1 << 22 : SecretFile.maximumSize }

  /// Runs the program and returns what it prints.
  ///
  /// It gets no input and only some of the environment. What it says on standard error is thrown away, since it may
  /// hold the secret too.
  func output() async throws(SecretError) -> [UInt8] {
    let program = Program(
      [program] + call.arguments.dropFirst(), deadline: deadline, maximumOutput: maximumOutput)
    switch await runner.run(program) {
    case .exited(code: 0, let output, errors: _): return output
    case .exited(let code, output: _, errors: _): throw failure("it ended with status \(code); \(Self.advice)")
    case .signaled(let signal): throw failure("it was ended by signal \(signal); \(Self.advice)")
    case .failed(let reason), .cut(let reason): throw failure(reason)
    case .overdue: throw failure("it did not end within \(deadline.components.seconds) s; it must not ask for anything")
    case .cancelled: throw failure("interrupted")
    }
  }

  private static let advice = "run it by hand as this user to see why"

  private var program: String {
    let program = call.arguments.first ?? ""
    return program.contains("/") ? program.inside(directory) : program
  }

  private func failure(_ reason: String) -> SecretError {
    SecretError("\(SecretReference.command(call.arguments).source): \(reason)")
  }
}
