import FoundationEssentials
import Notifiers
import QuotaCore

/// Tries everything that a run needs.
package struct Check: Sendable {
  let configuration: Configuration
  let database: DatabaseAccess
  let vendor: Vendor
  let channels: Channels
  let world: World

  /// What `check` found of one thing.
  package struct Outcome: Sendable {
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
  package func callAsFunction(online: Bool) async -> [Outcome] {
    var findings = files() + [databaseFinding()]
    var owners: [String: OrganizationID] = [:]
    for entry in configuration.organizations {
      findings.append(await finding(of: entry, online: online, &owners))
      if let secret = entry.webhookSecret {
        findings.append(await finding(of: secret, "webhooks of \(entry.organization.id)"))
      }
    }
    for entry in configuration.notifiers {
      let notifier = channels.notifier(entry)
      let subject = "notifier \(entry.id)"
      if let problem = await entry.configuration.problem(fetching: world.secrets) {
        findings.append(Outcome(subject: subject, status: .problem, detail: problem))
      } else if online || entry.configuration.runsPrograms {
        let known = await refusal(by: entry.id, subject)
        let tried = Outcome(subject: subject, await notifier.probe())
        findings.append(tried.status == .ok ? known ?? tried : tried)
      } else {
        findings.append(Outcome(subject: subject, status: .ok, detail: "its secrets can be read"))
      }
    }
    if let heartbeat = configuration.heartbeat { findings.append(await finding(of: heartbeat, online: online)) }
    for token in configuration.tokens { findings.append(await finding(of: token.secret, "token \(token.name)")) }
    if let embed = configuration.embed { findings.append(await finding(of: embed.secret, "embed")) }
    findings += authorities().map(Self.finding)
    if let letterhead = letterheadFinding() { findings.append(letterhead) }
    return findings
  }

  /// That the last message of a channel did not reach everybody; nil if it did, or there was none.
  private func refusal(by notifier: NotifierID, _ subject: String) async -> Outcome? {
    guard let store = try? database.openForReading(),
      let last = try? await store.read({ try $0.lastDelivered(to: notifier) }), last.isRefusedInPart
    else { return nil }
    return Outcome(
      subject: subject, status: .problem,
      detail: "its last message, of \(last.queuedAt.iso8601), was taken, but not for everybody: \(last.remark ?? "")")
  }

  /// How many organizations stand in which file, where there are several.
  private func files() -> [Outcome] {
    let origins = configuration.origins
    guard origins.count > 1 else { return [] }
    return origins.map { origin in
      Outcome(subject: "file \(origin.file)", status: .ok, detail: origin.organizations.counted("organization"))
    }
  }

  /// Every file of certificate authorities, each once.
  private func authorities() -> [String] {
    var seen: Set<String> = []
    let all =
      [configuration.api.caFile, configuration.heartbeat?.caFile] + configuration.notifiers.map(\.configuration.caFile)
    return all.compactMap { $0 }.filter { seen.insert($0).inserted }
  }

  private static func finding(ofAuthorities path: String) -> Outcome {
    let subject = "ca_file \(path)"
    do throws(FileFailure) {
      let text = String(decoding: try LocalFile(opening: path, waiting: false).contents(atMost: 1 << 24), as: UTF8.self)
      let count = text.split(separator: "\n").count { $0.hasPrefix("-----BEGIN CERTIFICATE-----") }
      return count > 0
        ? Outcome(subject: subject, status: .ok, detail: "holds \(count.counted("certificate"))")
        : Outcome(
          subject: subject, status: .problem, detail: "holds no certificate; it has to have one or more in PEM")
    } catch {
      return Outcome(
        subject: subject, status: .problem, detail: "cannot be read: \(error.message); check the path and its mode")
    }
  }

  private func letterheadFinding() -> Outcome? {
    guard configuration.statement.logo != nil else { return nil }
    let subject = "statement"
    do throws(ServiceError) {
      _ = try configuration.statement.letterhead()
      return Outcome(subject: subject, status: .ok, detail: "its logo can be read")
    } catch {
      return Outcome(subject: subject, status: .problem, detail: error.lines.joined(separator: "; "))
    }
  }

  /// Looks at what others have to know or must not guess, for `serve`.
  private func finding(of secret: SecretReference, _ subject: String) async -> Outcome {
    do throws(SecretError) {
      let length = try await world.secrets.secret(secret).reveal().utf8.count
      guard length >= Self.shortestSecret else {
        return Outcome(
          subject: subject, status: .problem,
          detail: "its secret can be guessed: take \(Self.shortestSecret) random characters or more")
      }
      return Outcome(subject: subject, status: .ok, detail: "its secret can be read")
    } catch {
      return Outcome(subject: subject, status: .problem, detail: error.message)
    }
  }

  private static let shortestSecret = 16

  /// Looks at the heartbeat's address, and online at its host: nothing is told to the monitor.
  private func finding(of heartbeat: WebEndpoint, online: Bool) async -> Outcome {
    let subject = "heartbeat"
    do throws(SecretError) {
      let address = try await heartbeat.address(from: world.secrets)
      guard online else { return Outcome(subject: subject, status: .ok, detail: "its address can be read") }
      return Outcome(subject: subject, await heartbeat.probe(address, over: world.http))
    } catch {
      return Outcome(subject: subject, status: .problem, detail: error.message)
    }
  }

  private func databaseFinding() -> Outcome {
    let path = database.path
    let subject = "database"
    guard FileManager.default.fileExists(atPath: path) else {
      let folder = path.split(separator: "/").dropLast().joined(separator: "/")
      let directory = path.hasPrefix("/") ? "/" + folder : folder.isEmpty ? "." : folder
      return FileManager.default.isWritableFile(atPath: directory)
        ? Outcome(subject: subject, status: .ok, detail: "\(path) will be made by the first collect")
        : Outcome(
          subject: subject, status: .problem, detail: "the folder \(directory) does not exist or is not writable")
    }
    do {
      _ = try database.openForReading()
      return Outcome(subject: subject, status: .ok, detail: path)
    } catch {
      return Outcome(
        subject: subject, status: .problem, detail: (error as? ServiceError)?.lines.first ?? "\(error)")
    }
  }

  /// - Parameter owners: whose keys were looked at so far, by key.
  private func finding(
    of entry: ConfiguredOrganization, online: Bool, _ owners: inout [String: OrganizationID]
  ) async -> Outcome {
    let subject = "organization \(entry.organization.id)"
    do throws(SecretError) {
      let key = try await world.secrets.secret(entry.apiKey)
      if let owner = owners[key.reveal()] {
        return Outcome(
          subject: subject, status: .problem,
          detail: "has the same key as \(owner), so that its usage is counted twice: give it its own, or take it out")
      }
      owners[key.reveal()] = entry.organization.id
      guard online else { return Outcome(subject: subject, status: .ok, detail: "its key can be read") }
      do throws(ReadingFailure) {
        let reading = try await vendor.usage.reading(of: entry.organization.id, month: nil, key: key).result.get()
        let detail = "\(reading.month): \(reading.counters.counted.joined(separator: ", "))"
        return Outcome(subject: subject, status: .ok, detail: detail)
      } catch {
        let remedy =
          error.reason == .keyRejected ? "; it comes from \(entry.apiKey.source): put the right one there" : ""
        return Outcome(subject: subject, status: .problem, detail: error.message + remedy)
      }
    } catch {
      return Outcome(subject: subject, status: .problem, detail: error.message)
    }
  }
}

extension Check.Outcome {
  fileprivate init(subject: String, _ outcome: SendOutcome) {
    switch outcome {
    case .delivered(let answer, _), .deferred(_, let answer, _):
      self.init(subject: subject, status: .ok, detail: answer)
    case .retryable(let reason, _), .unknown(let reason), .rejected(let reason), .channelDead(let reason):
      self.init(subject: subject, status: .problem, detail: reason)
    }
  }
}
