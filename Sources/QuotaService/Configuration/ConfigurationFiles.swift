import Glibc
import QuotaCore

/// Reads the files that a configuration takes in: those that it includes, and the table of organizations.
struct ConfigurationFiles {
  private let file: String
  private let directory: String
  private let issues: ConfigurationIssues
  private let warnings: ConfigurationIssues
  private(set) var parts: ConfigurationParts
  private(set) var origins: [Configuration.Origin]
  /// Of what there may be more than was read, so that what is not there may be right.
  private(set) var unknowable: Set<Referable> = []
  /// Files and directories that everybody can change.
  private(set) var exposures: [Configuration.Exposure] = []

  /// The largest file, in bytes: some two million organizations.
  static let largest = 1 << 28
  /// What to do where a file is larger.
  static let dividing = "divide its organizations among several files, and name them in \"include\""

  /// - Parameters:
  ///   - root: what the first file says.
  ///   - file: what that is called.
  ///   - directory: what its paths are relative to.
  init(
    _ root: JSONNode, file: String, directory: String, issues: ConfigurationIssues, warnings: ConfigurationIssues
  ) {
    self.file = file
    self.directory = directory
    self.issues = issues
    self.warnings = warnings
    parts = ConfigurationParts(root, issues: issues)
    origins = [Configuration.Origin(file: file, organizations: root.organizationCount)]
    include(root["include"])
    if let table = root["organizations_file"] { read(table: table) }
  }

  // MARK: - Included files

  private mutating func include(_ node: JSONNode?) {
    guard let node else { return }
    // What is wrong with the setting itself is reported where it is decoded.
    let entries: [JSONNode] = if case .array(let items) = node.value { Array(items) } else { [node] }
    var seen: Set<String> = []
    for entry in entries {
      guard let text = entry.string, !text.isEmpty, InvisibleCharacter(outOfPlaceIn: text) == nil,
        !text.hasControlCharacters
      else { continue }
      for path in files(of: text, at: entry) where seen.insert(path).inserted { include(path, at: entry) }
    }
  }

  private mutating func files(of text: String, at entry: JSONNode) -> [String] {
    let pattern = FilePattern(text, in: directory)
    guard !text.contains("**") else {
      issues.report("\"**\" stands for no directories; name the files of each directory", offset: entry.offset)
      unknowable = Set(Referable.allCases)
      return []
    }
    do throws(FileFailure) {
      let files = try pattern.files()
      if files.isEmpty { warnings.report("no file matches \"\(text)\"", offset: entry.offset) }
      return files
    } catch {
      let problem = error.isMissing ? "there is no such directory; make it, or take this out" : error.message
      issues.report("cannot look for \"\(text)\": \(problem)", offset: entry.offset)
      unknowable = Set(Referable.allCases)
      return []
    }
  }

  private mutating func include(_ path: String, at entry: JSONNode) {
    guard let bytes = read(path, at: entry) else {
      unknowable = Set(Referable.allCases)
      return
    }
    let base = issues.sources.add(bytes, file: path, directory: relative(path.parentDirectory))
    do throws(JSONSyntaxError) {
      let root = try JSONParser.parse(bytes, from: base, keepingListsFrom: longList)
      issues.sources.name { root.path(to: $0) }
      origins.append(Configuration.Origin(file: path, organizations: root.organizationCount))
      parts.include(root)
    } catch {
      issues.report("not JSON: \(error.message)", offset: error.offset)
      unknowable = Set(Referable.allCases)
    }
  }

  /// From how many values on the next list is long: many files with few organizations each are as many values as one file.
  private var longList: Int { max(JSONList.long - origins.reduce(0) { $0 + $1.organizations }, 1) }

  // MARK: - The table of organizations

  private mutating func read(table node: JSONNode) {
    // What is wrong with the setting itself is reported where it is decoded.
    let unheard = ConfigurationIssues(in: issues.sources)
    let setting = ConfigurationNode(composed: node, among: ConfigurationSurroundings(), issues: unheard)
    let known = unknowable
    unknowable.formUnion([.organization, .tag])
    guard let table = setting.decoded(as: OrganizationsFile.shape), unheard.isEmpty else { return }
    let path = table.path.inside(directory)
    guard let bytes = read(path, at: node["path"] ?? node) else { return }
    let before = issues.count
    let found = OrganizationTable.read(
      bytes, as: table, name: path, directory: relative(path.parentDirectory), keepingRowsFrom: longList,
      issues: issues, warnings: warnings)
    guard let found else { return }
    if issues.count == before { unknowable = known }
    if case .array(let items) = found.value {
      origins.append(Configuration.Origin(file: path, organizations: items.count))
    }
    parts.add(organizations: found)
  }

  // MARK: - Files

  /// A file's bytes; nil after reporting why they are not to be had.
  private mutating func read(_ path: String, at entry: JSONNode) -> [UInt8]? {
    do throws(FileFailure) {
      let opened = try LocalFile(opening: path, waiting: false)
      let status = try opened.status()
      guard status.st_mode & S_IFMT != S_IFDIR else { throw FileFailure(number: EISDIR) }
      guard status.st_mode & S_IFMT == S_IFREG else {
        issues.report("cannot read \(path): it is no regular file", offset: entry.offset)
        return nil
      }
      guard !isFirst(status) else {
        issues.report(
          "\(path) is this file itself; put files that are included into a directory of their own", offset: entry.offset
        )
        return nil
      }
      let bytes = try opened.contents(atMost: Self.largest)
      noteExposure(of: path, status)
      return bytes
    } catch {
      let advice = error.isTooLarge ? "; \(Self.dividing)" : ""
      issues.report("cannot read \(path): \(error.message)\(advice)", offset: entry.offset)
      return nil
    }
  }

  private func isFirst(_ status: stat) -> Bool {
    var first = stat()
    return stat(file, &first) == 0 && first.st_dev == status.st_dev && first.st_ino == status.st_ino
  }

  /// Notes whether everybody can change a file, or add files beside it.
  private mutating func noteExposure(of path: String, _ status: stat) {
    if let exposure = Configuration.Exposure(of: path, status.st_mode) { exposures.append(exposure) }
    let folder = path.parentDirectory
    var place = stat()
    guard folder != directory, stat(folder, &place) == 0,
      let exposure = Configuration.Exposure(of: folder, place.st_mode), !exposures.contains(exposure)
    else { return }
    exposures.append(exposure)
  }

  /// A directory seen from the configuration's.
  private func relative(_ folder: String) -> String {
    if folder == directory { return "." }
    let prefix = directory.hasSuffix("/") ? directory : directory + "/"
    return folder.hasPrefix(prefix) ? String(folder.dropFirst(prefix.count)) : folder
  }
}

extension JSONNode {
  /// How many organizations a text has itself.
  fileprivate var organizationCount: Int {
    if case .array(let items)? = self["organizations"]?.value { items.count } else { 0 }
  }
}
