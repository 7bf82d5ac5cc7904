import FoundationEssentials
package import QuotaCore

/// Fetches secrets from variables, files, programs and systemd's credentials.
///
/// Each program runs once, whether it succeeds or not; make a new resolver for every run.
package actor SecretResolver: SecretSource {
  private let directory: String
  private let environment: [String: String]
  /// Runs programs from which the secrets in variables are hidden.
  let programs: any ProgramRunner
  private let commandDeadline: Duration
  /// What programs have printed, by their arguments: one may be asked for many secrets.
  private var printed: [SecretCommand.Call: Printed] = [:]
  private var running: [SecretCommand.Call: RunningCommand] = [:]
  /// The last command of each of a few lanes: so many run at a time.
  private var lanes: [Task<Printed, Never>?] = Array(repeating: nil, count: 4)
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
    programs = SubprocessRunner(environment: environment, hiddenVariables: hiddenVariables)
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

  nonisolated package func secret(_ reference: SecretReference) async throws(SecretError) -> Secret {
    switch reference {
    case .environment(let name): return try variable(name)
    case .file(let path, let shared): return try file(path.inside(directory), shared)
    case .credential(let name): return try credential(name)
    case .command(let arguments, let field):
      let printed = await output(of: SecretCommand.Call(arguments: arguments, knowsMany: field != nil))
      return try printed.secret(reference, field)
    }
  }

  nonisolated private func variable(_ name: String) throws(SecretError) -> Secret {
    let source = SecretReference.environment(name).source
    guard let value = environment[name] else { throw SecretError("\(source) is not set; set it where quotawatch runs") }
    do throws(Secret.Defect) {
      return try Secret(bytes: Array(value.utf8))
    } catch {
      throw SecretError("\(source) cannot be a secret: \(error.message); set it to the secret where quotawatch runs")
    }
  }

  nonisolated private func file(_ path: String, _ shared: Bool) throws(SecretError) -> Secret {
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

  nonisolated private func credential(_ name: String) throws(SecretError) -> Secret {
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

  nonisolated private var credentialsDirectory: String? {
    environment["CREDENTIALS_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
  }
}

// MARK: - Commands

extension SecretResolver {
  /// What a command has printed; of many secrets it is taken apart once.
  private struct Printed: Sendable {
    let output: Result<[UInt8], SecretError>
    let secrets: Result<PrintedSecrets, PrintedSecrets.Absence>

    init(_ output: Result<[UInt8], SecretError>) {
      self.output = output
      secrets = Result { () throws(PrintedSecrets.Absence) in try PrintedSecrets((try? output.get()) ?? []) }
    }

    func secret(_ reference: SecretReference, _ field: String?) throws(SecretError) -> Secret {
      let bytes = try output.get()
      do throws(PrintedSecrets.Absence) {
        guard let field else { return try PrintedSecrets.firstLine(of: bytes) }
        return try secrets.get().secret(field)
      } catch {
        throw SecretError("\(reference.source): \(error.message)")
      }
    }
  }

  /// A command under way, and how many wait for it: with the last of them it is given up.
  private struct RunningCommand {
    let task: Task<Printed, Never>
    var waiting: Int
  }

  private func output(of call: SecretCommand.Call) async -> Printed {
    if let printed = printed[call] { return printed }
    let task = running[call]?.task ?? start(call)
    running[call, default: RunningCommand(task: task, waiting: 0)].waiting += 1
    let result = await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      Task { await self.leave(call, task) }
    }
    if running[call]?.task == task { running[call] = nil }
    // It is asked again if nobody has waited for it.
    if !task.isCancelled { printed[call] = result }
    return result
  }

  /// Starts a command once the one before it in its lane has ended.
  private func start(_ call: SecretCommand.Call) -> Task<Printed, Never> {
    let command = SecretCommand(
      call: call, directory: directory, deadline: commandDeadline, runner: programs)
    let previous = lanes[nextLane]
    let task = Task { () -> Printed in
      _ = await previous?.value
      do throws(SecretError) {
        return Printed(.success(try await command.output()))
      } catch {
        return Printed(.failure(error))
      }
    }
    lanes[nextLane] = task
    nextLane = (nextLane + 1) % lanes.count
    return task
  }

  private func leave(_ call: SecretCommand.Call, _ task: Task<Printed, Never>) {
    guard var command = running[call], command.task == task else { return }
    command.waiting -= 1
    running[call] = command.waiting > 0 ? command : nil
    if command.waiting == 0 { command.task.cancel() }
  }
}
