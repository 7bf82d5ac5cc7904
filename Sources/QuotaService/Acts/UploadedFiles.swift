import FoundationEssentials
import QuotaCore
import Synchronization
import WebServer

/// Files that somebody has sent to see what importing them would do, kept until they are imported, for a while.
final class UploadedFiles: Sendable {
  /// An invoice, and how its columns are to be read.
  struct Upload: Sendable {
    let invoice: PageRoutes.Form.File
    /// A ready mapping's name.
    let mapping: String
    /// A mapping of the sender's own, which counts instead.
    let mappingFile: PageRoutes.Form.File?
    let replaces: Bool
  }

  /// How many are kept.
  private static let most = 4
  private let kept = Mutex<[(id: String, upload: Upload)]>([])

  /// - Returns: what it can be had again by.
  func keep(_ upload: Upload) -> String {
    let parts = [upload.invoice.name, upload.mapping, upload.mappingFile?.name ?? "", "\(upload.replaces)"]
    let bytes = Array(parts.joined(separator: "\n").utf8) + upload.invoice.bytes + (upload.mappingFile?.bytes ?? [])
    let id = ContentDigest.sha256(bytes)
    kept.withLock { kept in
      kept.removeAll { $0.id == id }
      kept.append((id, upload))
      kept.removeFirst(max(0, kept.count - Self.most))
    }
    return id
  }

  func upload(_ id: String) -> Upload? { kept.withLock { kept in kept.first { $0.id == id }?.upload } }
}

extension ImportInvoices {
  /// Imports a file that somebody has sent, by way of a folder that is removed.
  ///
  /// - Parameter dryRun: reads and shows, stores nothing.
  func callAsFunction(_ upload: UploadedFiles.Upload, dryRun: Bool) async throws -> Report {
    let folder = FileManager.default.temporaryDirectory.appending(path: "quotawatch-\(UUID())")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw ServiceError(.inputOutput, "the file cannot be kept in \(folder.deletingLastPathComponent().path)")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ file: PageRoutes.Form.File, in part: String) throws -> String {
      let place = folder.appending(path: part)
      do {
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        let path = place.appending(path: Self.fileName(file.name))
        try Data(file.bytes).write(to: path)
        return path.path
      } catch {
        throw ServiceError(.inputOutput, "the file cannot be kept in \(folder.deletingLastPathComponent().path)")
      }
    }
    var options = Options(path: try path(upload.invoice, in: "invoice"), by: log.author.name)
    guard upload.mappingFile != nil || InvoiceMapping.Ready(rawValue: upload.mapping) != nil else {
      throw ServiceError(.usage, "there is no mapping \"\(ForeignText.line(upload.mapping, limit: 64))\"")
    }
    options.mapping = try upload.mappingFile.map { try path($0, in: "mapping") } ?? upload.mapping
    (options.dryRun, options.replaces) = (dryRun, upload.replaces)
    do {
      return try await self(options)
    } catch let error as ServiceError {
      throw ServiceError(error.status, lines: error.lines.map { $0.replacing("\(folder.path)/", with: "") })
    }
  }

  /// What a file may be called on this machine.
  private static func fileName(_ name: String) -> String {
    let last = name.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
    let plain = ForeignText.line(last, limit: 100).replacing("/", with: "_")
    return plain.isEmpty || plain.hasPrefix(".") || plain == "-" ? "invoice\(plain)" : plain
  }
}
