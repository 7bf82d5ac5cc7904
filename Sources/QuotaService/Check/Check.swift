import FoundationEssentials
import Notifiers
import QuotaCore

extension Service {
  /// What `check` found of one thing.
  package struct CheckResult: Sendable {
    package enum Status: String, Codable, Sendable {
      case ok
      case problem
    }

    /// What was looked at, such as `organization acme`.
    package let subject: String
    package let status: Status
    /// What was found, on one line.
    package let detail: String
  }

  /// Tries everything that a run needs: the database's place, every secret, and online every key and every channel.
  /// It sends no alert and changes nothing.
  ///
  /// - Parameter online: asks the vendor once with each key, and connects to each channel.
  package func check(online: Bool) async -> [CheckResult] {
    var findings = [databaseFinding()]
    for entry in configuration.organizations {
      findings.append(await finding(of: entry, online: online))
    }
    for entry in configuration.notifiers {
      let notifier = notifier(entry)
      let subject = "notifier \(entry.id)"
      if let problem = await entry.configuration.problem(fetching: world.secrets) {
        findings.append(CheckResult(subject: subject, status: .problem, detail: problem))
      } else if online {
        findings.append(CheckResult(subject: subject, await notifier.probe()))
      } else {
        findings.append(CheckResult(subject: subject, status: .ok, detail: "its secrets can be read"))
      }
    }
    if let heartbeat = configuration.heartbeat { findings.append(await finding(of: heartbeat, online: online)) }
    return findings
  }

  /// Looks at the heartbeat's address, and online at its host: nothing is told to the monitor.
  private func finding(of heartbeat: WebEndpoint, online: Bool) async -> CheckResult {
    let subject = "heartbeat"
    do throws(SecretError) {
      let address = try await heartbeat.address(from: world.secrets)
      guard online else { return CheckResult(subject: subject, status: .ok, detail: "its address can be read") }
      return CheckResult(subject: subject, await heartbeat.probe(address, over: world.http))
    } catch {
      return CheckResult(subject: subject, status: .problem, detail: error.message)
    }
  }

  private func databaseFinding() -> CheckResult {
    let path = configuration.databasePath
    let subject = "database"
    guard FileManager.default.fileExists(atPath: path) else {
      let folder = path.split(separator: "/").dropLast().joined(separator: "/")
      let directory = path.hasPrefix("/") ? "/" + folder : folder.isEmpty ? "." : folder
      return FileManager.default.isWritableFile(atPath: directory)
        ? CheckResult(subject: subject, status: .ok, detail: "\(path) will be made by the first collect")
        : CheckResult(
          subject: subject, status: .problem, detail: "the folder \(directory) does not exist or is not writable")
    }
    do {
      _ = try openForReading()
      return CheckResult(subject: subject, status: .ok, detail: path)
    } catch {
      return CheckResult(
        subject: subject, status: .problem, detail: (error as? ServiceError)?.lines.first ?? "\(error)")
    }
  }

  private func finding(of entry: ConfiguredOrganization, online: Bool) async -> CheckResult {
    let subject = "organization \(entry.organization.id)"
    do throws(SecretError) {
      let key = try await world.secrets.secret(entry.apiKey)
      guard online else { return CheckResult(subject: subject, status: .ok, detail: "its key can be read") }
      do throws(ReadingFailure) {
        let reading = try await vendor.usage.reading(of: entry.organization.id, month: nil, key: key).result.get()
        let detail = "\(reading.month): \(reading.counters.pages) pages, \(reading.counters.conversions) conversions"
        return CheckResult(subject: subject, status: .ok, detail: detail)
      } catch {
        return CheckResult(subject: subject, status: .problem, detail: error.message)
      }
    } catch {
      return CheckResult(subject: subject, status: .problem, detail: error.message)
    }
  }
}

extension Service.CheckResult {
  fileprivate init(subject: String, _ outcome: SendOutcome) {
    switch outcome {
    case .delivered(let answer, _): self.init(subject: subject, status: .ok, detail: answer)
    case .retryable(let reason, _), .rejected(let reason), .channelDead(let reason):
      self.init(subject: subject, status: .problem, detail: reason)
    }
  }
}
