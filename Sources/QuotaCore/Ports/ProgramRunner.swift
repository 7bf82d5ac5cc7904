/// Runs other programs.
///
/// An implementation uses no shell, gives a program no terminal and only a part of its own environment, and ends it with
/// everything that it has started when its time is up.
package protocol ProgramRunner: Sendable {
  func run(_ program: Program) async -> ProgramEnding

  /// What keeps a program from being started, as far as can be seen without that: half a sentence; nil for nothing.
  ///
  /// - Parameter program: a path, or a name that is looked for in `PATH`.
  func obstacle(to program: String) -> String?
}

/// A program that is to be run.
package struct Program: Sendable {
  /// The program and its arguments; a name without a slash is looked for in `PATH`. Not empty.
  package var arguments: [String]
  /// What it reads on standard input.
  package var input: [UInt8]
  /// What it sees of the environment besides what every program sees.
  package var environment: [String: Secret]
  package var deadline: Duration
  /// How much it may print on each of its outputs, in bytes.
  package var maximumOutput: Int

  package init(
    _ arguments: [String], input: [UInt8] = [], environment: [String: Secret] = [:], deadline: Duration,
    maximumOutput: Int = 1 << 16
  ) {
    self.arguments = arguments
    self.input = input
    self.environment = environment
    self.deadline = deadline
    self.maximumOutput = maximumOutput
  }
}

/// What became of a program.
package enum ProgramEnding: Hashable, Sendable {
  case exited(code: Int32, output: [UInt8], errors: [UInt8])
  case signaled(Int32)
  /// It could not be started; half a sentence.
  case failed(String)
  /// It was ended since it printed too much; half a sentence.
  case cut(String)
  /// It was ended since its time was up.
  case overdue
  case cancelled
}
