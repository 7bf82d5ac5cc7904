import Glibc
import QuotaCore
package import Reports
import UsageStore

extension Setup {
  /// Where a command writes: a file that was named, or standard output.
  ///
  /// - Throws: where the file is one that this installation lives by. It would be replaced, and be lost.
  package func destination(_ output: String?) throws(ServiceError) -> ReportDestination {
    guard let output else { return .standardOutput }
    guard !SQLiteStore.owns(output, database: configuration.databasePath) else {
      throw Configuration.refusal(of: output, "the database, or a part of it")
    }
    try configuration.checkOutput(output)
    return .file(path: output)
  }
}

extension Configuration {
  /// - Throws: where a file is one of the configuration or of its secrets, by whatever name.
  func checkOutput(_ path: String) throws(ServiceError) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    func isSame(_ other: String) -> Bool {
      var another = stat()
      return stat(other, &another) == 0 && another.st_dev == status.st_dev && another.st_ino == status.st_ino
    }
    if origins.contains(where: { isSame($0.file) }) { throw Self.refusal(of: path, "a file of the configuration") }
    let isSecret = secrets.contains { secret in
      if case .file(let file, _) = secret { isSame(file.inside(directory)) } else { false }
    }
    if isSecret { throw Self.refusal(of: path, "a secret of the configuration") }
  }

  fileprivate static func refusal(of path: String, _ use: String) -> ServiceError {
    ServiceError(.inputOutput, "cannot write \(path): it is \(use); name another file")
  }
}
