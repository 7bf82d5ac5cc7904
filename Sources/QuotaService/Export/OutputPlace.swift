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
    if let use = configuration.use(ofFile: output) {
      throw ServiceError(.inputOutput, "cannot write \(output): it is \(use); name another file")
    }
    return .file(path: output)
  }
}

extension Configuration {
  /// What a file is to this configuration, by whatever name; nil if it is nothing.
  fileprivate func use(ofFile path: String) -> String? {
    if SQLiteStore.owns(path, database: databasePath) { return "the database, or a part of it" }
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    func isSame(_ other: String) -> Bool {
      var another = stat()
      return stat(other, &another) == 0 && another.st_dev == status.st_dev && another.st_ino == status.st_ino
    }
    if origins.contains(where: { isSame($0.file) }) { return "a file of the configuration" }
    let isSecret = secrets.contains { secret in
      if case .file(let file, _) = secret { isSame(file.inside(directory)) } else { false }
    }
    return isSecret ? "a secret of the configuration" : nil
  }
}
