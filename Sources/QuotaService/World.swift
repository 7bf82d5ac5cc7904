package import FoundationEssentials
package import Logging
package import QuotaCore

/// Clocks, randomness, network, programs and secrets; tests bring their own.
package struct World: Sendable {
  /// Stamps what happens.
  package let now: @Sendable () -> Date
  /// Waits.
  package let clock: any Clock<Duration>
  /// Returns after so many seconds, when what takes longer is broken off. What goes over a network takes real time,
  /// whatever clock the waits go by.
  package let deadline: @Sendable (_ seconds: Double) async throws -> Void
  /// 0 to 1.
  package let random: @Sendable () -> Double
  package let http: any HTTPTransport
  package let mail: any MailTransport
  package let programs: any ProgramRunner
  package let secrets: any SecretSource
  package let logger: Logger

  package init(
    now: @escaping @Sendable () -> Date, clock: any Clock<Duration>, random: @escaping @Sendable () -> Double,
    http: any HTTPTransport, mail: any MailTransport, programs: any ProgramRunner = SubprocessRunner(),
    secrets: any SecretSource,
    logger: Logger = Logger(label: "quotawatch"),
    deadline: @escaping @Sendable (_ seconds: Double) async throws -> Void = {
      try await Task.sleep(for: .seconds($0))
    }
  ) {
    self.now = now
    self.clock = clock
    self.deadline = deadline
    self.random = random
    self.http = http
    self.mail = mail
    self.programs = programs
    self.secrets = secrets
    self.logger = logger
  }

  /// The same, where it is always one moment.
  func stopped(at moment: Date) -> World {
    World(
      now: { moment }, clock: clock, random: random, http: http, mail: mail, programs: programs, secrets: secrets,
      logger: logger, deadline: deadline)
  }
}
