import Notifiers
import QuotaCore

extension ConfigurationNode {
  /// The text of the file that this value names, relative to a directory; nil after reporting what keeps it from being
  /// read.
  func templateFile(in directory: String) -> String? {
    guard let path = path(in: directory) else { return nil }
    do throws(FileFailure) {
      let bytes = try LocalFile(opening: path, waiting: false).contents(atMost: MessageTemplate.longest)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        report("file \(path) is not UTF-8")
        return nil
      }
      return text
    } catch {
      report("file \(path) cannot be read: \(error.message)")
      return nil
    }
  }
}
