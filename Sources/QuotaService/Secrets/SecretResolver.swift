import FoundationEssentials
package import QuotaCore

/// Fetches secrets from variables, files, programs and systemd's credentials.
///
/// Each reference is resolved once, whether that succeeds or not; make a new resolver for every run.
package actor SecretResolver: SecretSource {
  private let directory: String
  private let environment: [String: String]
  private let runner: any ProgramRunner
  private let commandDeadline: Duration
  private var known: [SecretReference: Result<Secret, SecretError>] = [:]
  private var running: [SecretReference: RunningCommand] = [:]
  /// The last command of each of a few lanes: so many run at a time.
  private var lanes: [Task<Result<Secret, SecretError>, Never>?] = Array(repeating: nil, count: 4)
  private var nextLane = 0

  /// - Parameters:
  ///   - directory: what relative paths of files and programs are relative to.
  ///   - environment: where variables are looked up, and what programs get a part of.
  ///   - hiddenVariables: what no program gets to see, besides the vendor's key.
  ///   - commandDeadline: how long a program may take.
  package init(
    directory: String = ".", environment: [String: String], hiddenVariables: Set<String> = [],
    commandDeadline: Duration = .seconds(30)
  ) {
    self.directory = directory
    self.environment = environment
    runner = SubprocessRunner(environment: environment, hiddenVariables: hiddenVariables)
    self.commandDeadline = commandDeadline
  }

  /// The secrets of a configuration, looked up in this process's environment. No program gets to see those that are in
  /// variables.
  package init(_ configuration: Configuration) {
    self.init(configuration, environment: ProcessInfo.processInfo.environment)
  }

  /// The same with another environment.
  package init(_ configuration: Configuration, environment: [String: String]) {
    self.init(
      directory: configuration.directory, environment: environment, hiddenVariables: configuration.secretVariables)
  }

  package func secret(_ reference: SecretReference) async throws(SecretError) -> Secret {
    if let result = known[reference] { return try result.get() }
    let result: Result<Secret, SecretError>
    switch reference {
    case .environment(let name): result = Result { () throws(SecretError) in try variable(name) }
    case .file(let path, let shared):
      result = Result { () throws(SecretError) in try file(path.inside(directory), shared) }
    case .credential(let name): result = Result { () throws(SecretError) in try credential(name) }
    case .command(let arguments): return try await output(of: arguments, for: reference)
    }
    known[reference] = result
    return try result.get()
  }

  private func variable(_ name: String) throws(SecretError) -> Secret {
    let source = SecretReference.environment(name).source
    guard let value = environment[name] else { throw SecretError("\(source) is not set; set it where quotawatch runs") }
    do throws(Secret.Defect) {
      return try Secret(bytes: Array(value.utf8))
    } catch {
      throw SecretError("\(source) cannot be a secret: \(error.message); set it to the secret where quotawatch runs")
    }
  }

  private func file(_ path: String, _ shared: Bool) throws(SecretError) -> Secret {
    let isCredential = credentialsDirectory.map { path.hasPrefix($0 + "/") } ?? false
    do throws(SecretFile.Failure) {
      return try SecretFile(path: path, audience: shared ? .everybody : isCredential ? .ownerAndGroup : .owner).secret()
    } catch {
      let source = SecretReference.file(path).source
      switch error {
      case .unreadable(let failure):
        throw SecretError("\(source) cannot be read: \(failure.message); \(failure.advice)")
      case .refused(let reason): throw SecretError("\(source) is refused: \(reason)")
      }
    }
  }

  private func credential(_ name: String) throws(SecretError) -> Secret {
    let source = SecretReference.credential(name).source
    guard let credentialsDirectory else {
      throw SecretError(
        "\(source): CREDENTIALS_DIRECTORY is not set; systemd sets it for a service with LoadCredential=\(name):PATH")
    }
    do throws(SecretFile.Failure) {
      return try SecretFile(path: "\(credentialsDirectory)/\(name)", audience: .ownerAndGroup).secret()
    } catch {
      switch error {
      case .unreadable(let failure):
        throw SecretError("\(source): \(failure.message); give the service LoadCredential=\(name):PATH")
      case .refused(let reason): throw SecretError("\(source) is refused: \(reason)")
      }
    }
  }

  private var credentialsDirectory: String? {
    environment["CREDENTIALS_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
  }
}

// MARK: - Commands

extension SecretResolver {
  /// A command under way, and how many wait for it: with the last of them it is given up.
  private struct RunningCommand {
    let task: Task<Result<Secret, SecretError>, Never>
    var waiting: Int
  }

  private func output(of arguments: [String], for reference: SecretReference) async throws(SecretError) -> Secret {
    let task = running[reference]?.task ?? start(arguments)
    running[reference, default: RunningCommand(task: task, waiting: 0)].waiting += 1
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      Task { await self.leave(reference, task) }
    }
    if running[reference]?.task == task { running[reference] = nil }
    if !task.isCancelled { known[reference] = result }
    return try result.get()
  }

  /// Starts a command once the one before it in its lane has ended.
  private func start(_ arguments: [String]) -> Task<Result<Secret, SecretError>, Never> {
    let command = SecretCommand(
      arguments: arguments, directory: directory, deadline: commandDeadline, runner: runner)
    let previous = lanes[nextLane]
    let task = Task { () -> Result<Secret, SecretError> in
      _ = await previous?.value
      do throws(SecretError) {
        return .success(try await command.secret())
      } catch {
        return .failure(error)
      }
    }
    lanes[nextLane] = task
    nextLane = (nextLane + 1) % lanes.count
    return task
  }

  private func leave(_ reference: SecretReference, _ task: Task<Result<Secret, SecretError>, Never>) {
    guard var command = running[reference], command.task == task else { return }
    command.waiting -= 1
    running[reference] = command.waiting > 0 ? command : nil
    if command.waiting == 0 { command.task.cancel() }
  }
}
