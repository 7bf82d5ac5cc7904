import Glibc
import QuotaCore

/// A file whose only content is a secret.
struct SecretFile {
  /// Who may read the file.
  enum Audience {
    case owner
    /// Its group too, which is how systemd hands a credential of root to a service's user.
    case ownerAndGroup
  }

  /// Why a file gives no secret.
  enum Failure: Error {
    case unreadable(FileFailure)
    /// What is wrong with it and what to do, half a sentence.
    case refused(String)
  }

  let path: String
  let audience: Audience

  /// The largest file, in bytes.
  static let maximumSize = 1 << 16

  /// Reads the secret.
  ///
  /// A file is refused unless it is a regular one, of ours or of root, that others can neither read nor change. What is
  /// judged is the file that was opened, so that nobody can exchange it in between.
  func secret() throws(Failure) -> Secret {
    let contents: [UInt8]
    let status: stat
    do throws(FileFailure) {
      let file = try LocalFile(opening: path, waiting: false)
      status = try file.status()
      // A pipe or a device may have no end.
      contents = status.isRegularFile ? try file.contents(atMost: Self.maximumSize) : []
    } catch {
      throw .unreadable(error)
    }
    if let problem = problem(of: status) { throw .refused(problem) }
    do throws(Secret.Defect) {
      return try Secret(bytes: contents)
    } catch {
      throw .refused("\(error.rawValue); put nothing but the secret into it")
    }
  }

  /// Why a file of this owner, mode and kind is refused, and what to do; nil if it is taken.
  func problem(of status: stat) -> String? {
    guard status.isRegularFile else { return "it is not a regular file" }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      return "it belongs to another user (uid \(status.st_uid)); run: chown \(geteuid()) \(path)"
    }
    let forbidden: mode_t = audience == .owner ? 0o077 : 0o037
    guard status.st_mode & forbidden == 0 else {
      let mode = String(status.st_mode & 0o777, radix: 8)
      return "other users can read or change it (mode \(mode)); run: chmod 600 \(path)"
    }
    return nil
  }
}

extension stat {
  fileprivate var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
}
