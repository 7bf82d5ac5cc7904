import ArgumentParser
import CMalloc
import FoundationEssentials
import Glibc
import QuotaCore
import QuotaService
import Reports
import Synchronization
import UnixSignals

/// How the process starts, is interrupted, and ends.
enum ThisProcess {
  /// Keeps what is opened from getting the number of a standard stream that is closed: a report would be written into a
  /// database. Reading and writing such a stream fails as it does with a closed one.
  static func occupyClosedStreams() {
    for (stream, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(stream, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }

  /// A closed pipe is an error of that write, not the end of the process.
  static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
  }

  /// What was printed by way of the C library, such as help, is only written at the end: that may fail, too.
  static func checkOutputAtEnd() {
    atexit {
      guard fflush(nil) != 0, errno != EPIPE else { return }
      Console.standardError.print("quotawatch: \(OutputError(code: errno, writing: "standard output").message)")
      _exit(ExitStatus.inputOutput.rawValue)
    }
  }

  /// Ends after standard output did not take what was written to it.
  static func endWithoutOutput(_ code: Int32) -> Never {
    endIfInterrupted()
    Console.standardError.print("quotawatch: \(OutputError(code: code, writing: "standard output").message)")
    exit(ExitStatus.inputOutput.rawValue)
  }

  /// Ends with the exit code that an error stands for, after its lines on standard error.
  ///
  /// - Parameter command: the one that has run; nil where the command line is not understood.
  static func end(with error: any Error, of command: (any ParsableCommand.Type)?) -> Never {
    endIfInterrupted()
    if let status = error as? ExitCodeError { exit(status.status.rawValue) }
    guard let error = serviceError(error) else { endParsing(error, of: command) }
    for line in error.lines { Console.standardError.print("quotawatch: \(line)") }
    exit(error.status.rawValue)
  }

  /// Ends with what the command line's own reader has to say: help, or what is wrong.
  private static func endParsing(_ error: any Error, of command: (any ParsableCommand.Type)?) -> Never {
    let code = QuotaWatch.exitCode(for: error)
    let console = code == .success ? Console.standardOutput : .standardError
    let text = HelpText { WrongUsage(error, of: command)?.text ?? QuotaWatch.fullMessage(for: error, columns: $0) }
      .fitted(to: console.columns ?? 80)
    if text != "\n" { console.write(text) }
    exit(code.rawValue)
  }

  /// What an error says, a line each.
  static func lines(of error: any Error) -> [String] { serviceError(error)?.lines ?? ["\(error)"] }

  /// Nil for errors of the command line.
  private static func serviceError(_ error: any Error) -> ServiceError? {
    switch error {
    case let error as ServiceError: error
    case let error as StoreError: ServiceError(error)
    case let error as OutputError: ServiceError(.inputOutput, error.message)
    default: nil
    }
  }

  /// The number of the signal that a command was interrupted by; 0 for none.
  private static let interruption = Atomic<Int32>(0)

  /// Ends with 128 + the number of the signal that interrupted the work, whatever came of it.
  static func endIfInterrupted() {
    let signal = interruption.load(ordering: .relaxed)
    guard signal != 0 else { return }
    Console.standardError.print("quotawatch: interrupted; what was read so far is stored")
    exit(128 + signal)
  }

  /// How long what is under way may take after the process was asked to end, in seconds. What is broken off then is taken up
  /// by the next run, as after a kill.
  private static let farewell = 4.0

  /// Ends the process within a few seconds, whoever drags on.
  static func endSoon(_ code: Int32) {
    Task.detached {
      try? await Task.sleep(for: .seconds(farewell))
      exit(code)
    }
  }

  /// What ends a command: a terminal that was closed as well, unless the command was told not to mind that, as `nohup` does.
  private static var endings: [UnixSignal] {
    var hangup = sigaction()
    sigaction(SIGHUP, nil, &hangup)
    // Functions cannot be compared, and this one is none.
    func number(_ handler: __sighandler_t?) -> Int { unsafeBitCast(handler, to: Int.self) }
    let isIgnored = number(hangup.__sigaction_handler.sa_handler) == number(SIG_IGN)
    return [.sigint, .sigterm] + (isIgnored ? [] : [.sighup])
  }

  /// Runs some work that SIGINT, SIGTERM and SIGHUP cancel: what was gathered is committed, then the process ends with
  /// 128 + the signal's number.
  static func interruptible<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value
  {
    let endings = endings
    let signals = await UnixSignalsSequence(trapping: endings)
    let task = Task { try await work() }
    let listener = Task {
      var received: UnixSignal?
      for await signal in signals {
        if received == nil { endSoon(128 + signal.rawValue) }
        received = received ?? signal
        task.cancel()
      }
      return received
    }
    let result = await task.result
    listener.cancel()
    let received = await listener.value
    // What comes from now on ends the process at once.
    for ending in endings { signal(ending.rawValue, SIG_DFL) }
    if let received { interruption.store(received.rawValue, ordering: .relaxed) }
    return try result.get()
  }

  /// Lets threads share two heaps, so that a process that stays keeps less of what one of them has freed; each waits for the
  /// others now and then.
  static func shareHeaps() {
    mallopt(M_ARENA_MAX, 2)
  }

  /// Lets heaps grow and shrink by a megabyte at a time: where a million things are made and freed one after the other, the system
  /// is not asked for each of them.
  static func resizeHeapsSeldom() {
    mallopt(M_TOP_PAD, 1 << 20)
  }

  /// Gives large arrays memory of their own, which goes back as soon as they are freed, instead of a place in a heap, where
  /// gaps would stay.
  static func keepLargeArraysApart() {
    mallopt(M_MMAP_THRESHOLD, 1 << 20)
    mallopt(M_TRIM_THRESHOLD, 1 << 22)
  }

  /// Gives memory that was freed back to the system.
  static func giveMemoryBack() {
    malloc_trim(0)
  }

  /// Returns when SIGINT or SIGTERM arrives.
  static func untilInterrupted() async {
    for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
  }

  /// What the person who runs this is called on this machine, also behind `sudo`.
  static var userName: String {
    let environment = ProcessInfo.processInfo.environment
    let names = ["SUDO_USER", "USER", "LOGNAME"].compactMap { environment[$0] }.filter { !$0.isEmpty }
    if let name = names.first { return name }
    return getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "user \(getuid())"
  }
}

/// The work is done, and the exit code says more than success.
struct ExitCodeError: Error {
  let status: ExitStatus
}

extension ExitStatus {
  /// Throws unless this is a success, so that the process ends with it.
  func orExit() throws {
    if self != .success { throw ExitCodeError(status: self) }
  }
}
