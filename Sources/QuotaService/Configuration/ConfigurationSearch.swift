import FoundationEssentials
import Glibc
import Notifiers
import QuotaCore

/// Where a configuration is looked for.
package struct ConfigurationSearch: Sendable {
  /// What `--config` says; `-` is standard input.
  package var path: String?
  package var environment: [String: String]
  /// The directory of `alerts.json`, and what paths are relative to where there is no file.
  package var currentDirectory: String
  /// The directory of the machine's own configuration.
  package var systemDirectory: String
  /// Whether to look for what is allowed but probably not meant.
  package var lints = true

  package init(
    path: String?, environment: [String: String], currentDirectory: String = ".", systemDirectory: String = "/etc"
  ) {
    self.path = path
    self.environment = environment
    self.currentDirectory = currentDirectory
    self.systemDirectory = systemDirectory
  }

  /// Finds, reads and decodes the configuration: the file that is named, the first of the usual ones, or what the
  /// environment says.
  ///
  /// - Throws: that there is none, that it cannot be read, or everything that is wrong with it.
  package func load() throws(ServiceError) -> Configuration {
    if let path { return try load(path) }
    if let path = variable("QUOTAWATCH_CONFIG") { return try load(path, namedBy: " (from QUOTAWATCH_CONFIG)") }
    for place in usualPlaces {
      if let configuration = try loadIfPresent(place) { return configuration }
    }
    return try fromEnvironment()
  }

  /// Reads a configuration anew from where it was found. The other places do not count, also where that one is empty now: what
  /// stands there would be another configuration.
  ///
  /// - Throws: that the file is gone or cannot be read, or everything that is wrong with it.
  package func reload(_ configuration: Configuration) throws(ServiceError) -> Configuration {
    guard let file = configuration.origins.first?.file else { return try fromEnvironment() }
    guard let reloaded = try loadIfPresent(file) else {
      throw ServiceError(.configuration, "cannot read \(file) anew: there is no such file; put it back, or start anew")
    }
    return reloaded
  }

  /// The files that are tried in turn where none is named.
  package var usualPlaces: [String] {
    let user =
      variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? variable("HOME").map { "\($0)/.config" }
    return ["alerts.json".inside(currentDirectory)]
      + [user, systemDirectory].compactMap { $0.map { "\($0)/quotawatch/alerts.json" } }
  }

  /// Whether the configuration comes from standard input, which can be read but once.
  package var readsStandardInput: Bool { (path ?? variable("QUOTAWATCH_CONFIG")) == LocalFile.standardInput }

  private func load(_ path: String, namedBy origin: String = "") throws(ServiceError) -> Configuration {
    guard let configuration = try loadIfPresent(path) else {
      throw ServiceError(
        .configuration,
        "cannot read \(path)\(origin): there is no such file; `quotawatch init` writes a starting configuration")
    }
    return configuration
  }

  private func loadIfPresent(_ path: String) throws(ServiceError) -> Configuration? {
    let text: [UInt8]
    let mode: mode_t
    let isInput = path == LocalFile.standardInput
    let name = isInput ? "standard input" : path
    do throws(FileFailure) {
      let file = try LocalFile(named: path)
      mode = try file.status().st_mode
      text = try file.contents(atMost: ConfigurationFiles.largest)
    } catch {
      if error.isMissing { return nil }
      let advice =
        error.isTooLarge ? ConfigurationFiles.dividing : "make it readable, or name another with --config"
      throw ServiceError(.configuration, "cannot read \(name): \(error.message); \(advice)")
    }
    var configuration = try Configuration.decode(
      text, file: name, directory: isInput ? currentDirectory : path.parentDirectory, lints: lints)
    if !isInput, let exposure = Configuration.Exposure(of: path, mode) { try configuration.judge([exposure]) }
    return configuration
  }

  /// A variable's value, unless it is empty.
  private func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}

// MARK: - Who can change it

extension Configuration {
  /// That everybody on this machine can change a file or what is in a directory.
  struct Exposure: Hashable {
    let path: String
    let mode: mode_t

    /// Nil if not everybody can.
    init?(of path: String, _ mode: mode_t) {
      guard [S_IFREG, S_IFDIR].contains(mode & S_IFMT), mode & 0o002 != 0 else { return nil }
      (self.path, self.mode) = (path, mode)
    }

    var text: String {
      "\(path) can be changed by everybody on this machine (mode \(String(mode & 0o777, radix: 8)))"
    }
  }

  /// Refuses to run programs that everybody could name, and warns otherwise.
  mutating func judge(_ exposures: [Exposure]) throws(ServiceError) {
    if !exposures.isEmpty, runsPrograms {
      throw ServiceError(
        .configuration,
        lines: exposures.map { "\($0.text), and it names programs to run; run: chmod o-w \($0.path)" })
    }
    self.exposures.insert(contentsOf: exposures.map { "\($0.text); run: chmod o-w \($0.path)" }, at: 0)
  }
}

// MARK: - Without a file

extension ConfigurationSearch {
  /// The id of the organization that is watched where there is no file.
  static let onlyOrganization = OrganizationID("default")

  /// One organization without rules, whose key is in `DOCUTRAY_API_KEY`.
  private func fromEnvironment() throws(ServiceError) -> Configuration {
    guard variable("DOCUTRAY_API_KEY") != nil else {
      throw ServiceError(
        .configuration,
        "there is no configuration: looked for \(usualPlaces.joined(separator: ", ")) and DOCUTRAY_API_KEY; "
          + "run `quotawatch init` to write a starting configuration, or set DOCUTRAY_API_KEY")
    }
    var api = APIConfiguration()
    if let address = try APIConfiguration.address(in: environment) { api.baseURL = address }
    return Configuration(
      databasePath: Configuration.defaultDatabase.inside(currentDirectory), api: api,
      organizations: [
        ConfiguredOrganization(
          organization: Organization(id: Self.onlyOrganization), apiKey: .environment("DOCUTRAY_API_KEY"))
      ], directory: currentDirectory)
  }
}

extension APIConfiguration {
  /// The vendor's address that `DOCUTRAY_BASE_URL` says; nil if it is not set.
  static func address(in environment: [String: String]) throws(ServiceError) -> String? {
    guard let text = environment["DOCUTRAY_BASE_URL"], !text.isEmpty else { return nil }
    switch baseURL(text, allowsPlainHTTP: false) {
    case .success(let address): return address
    case .failure(let problem): throw ServiceError(.configuration, "DOCUTRAY_BASE_URL: \(problem.message)")
    }
  }
}

extension Configuration {
  /// Loads the configuration of this process: of `--config` if it is given, otherwise from the usual places.
  package static func load(path: String?) throws(ServiceError) -> Configuration {
    try ConfigurationSearch(path: path, environment: ProcessInfo.processInfo.environment).load()
  }
}
