import Glibc
import QuotaCore

/// A file whose only content is a secret.
struct SecretFile {
  /// Who may read the file.
  enum Audience {
    case owner
    /// Its group too, which is how systemd hands a credential of root to a service's user.
    case ownerAndGroup
    /// Everybody, whoever it belongs to: the configuration says so.
    case everybody
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
  /// What is judged is the file that was opened, so that nobody can exchange it in between.
  func secret() throws(Failure) -> Secret {
    let contents: [UInt8]
    let status: stat
    let place: FilePlace
    do throws(FileFailure) {
      let file = try LocalFile(opening: path, waiting: false)
      status = try file.status()
      // Where it lies matters only for what others may read.
      place = status.st_mode & 0o077 == 0 ? FilePlace(isReadOnly: false, isInMemory: false) : try file.place()
      // A pipe or a device may have no end.
      contents = status.isRegularFile ? try file.contents(atMost: Self.maximumSize) : []
    } catch {
      throw .unreadable(error)
    }
    if let problem = problem(of: status, in: place) { throw .refused(problem) }
    do throws(Secret.Defect) {
      return try Secret(bytes: contents)
    } catch {
      throw .refused("\(error.message); put nothing but the secret into it")
    }
  }

  /// Why a file of this owner, mode and kind is refused by a user, and what to do; nil if it is taken.
  ///
  /// - A file of the user: nobody else can read or change it.
  /// - A file of root: nobody else can change it, and who may read it was decided by root, by its group; by everybody only on a
  ///   read-only mount or in memory, where orchestrators put secrets (`0444`, `0644`), and the same goes where root reads it.
  /// - One of anybody, where root reads it: nobody but that user can read or change it. Root does then what that user's own
  ///   runs do, with the key that they have.
  /// - One that is said to be shared: nobody else can change it but its owner.
  func problem(of status: stat, in place: FilePlace, for user: uid_t = geteuid()) -> String? {
    guard status.isRegularFile else { return "it is not a regular file" }
    let mode = String(status.st_mode & 0o777, radix: 8)
    let isRoots = status.st_uid == 0
    guard isRoots || [0, status.st_uid].contains(user) || audience == .everybody else {
      return "it belongs to another user (uid \(status.st_uid)); run: chown \(user) \(path), \(Self.sharing)"
    }
    guard status.st_mode & 0o022 == 0 || (place.isReadOnly && (isRoots || audience == .everybody)) else {
      return "other users can change it (mode \(mode)); run: chmod 600 \(path)"
    }
    let isProvided = isRoots && (place.isReadOnly || place.isInMemory)
    guard audience != .everybody, !isProvided else { return nil }
    guard status.st_mode & (isRoots || audience == .ownerAndGroup ? 0o007 : 0o077) == 0 else {
      return "other users can read it (mode \(mode)); run: chmod 600 \(path), \(Self.sharing)"
    }
    return nil
  }

  private static let sharing = "or say \"shared\": true beside \"file\" if that is meant"
}

extension stat {
  fileprivate var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
}
