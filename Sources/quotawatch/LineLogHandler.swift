import ArgumentParser
import FoundationEssentials
import Logging
import QuotaCore
import QuotaService

/// How log lines look.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  /// `warning: message`, for people and for journals that add the time themselves.
  case text
  /// One JSON object a line, with the time.
  case json
}

/// Writes log lines to standard error.
struct LineLogHandler: LogHandler {
  let format: LogFormat
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let values = metadata.merging(event.metadata ?? [:]) { $1 }
    switch format {
    case .text:
      Console.standardError.print("\(event.level): \(event.message)")
    case .json:
      var fields = values.mapValues { $0.description }
      fields["time"] = Date().iso8601
      fields["level"] = event.level.rawValue
      fields["message"] = event.message.description
      Console.standardError.printJSON(JSONText.line(fields))
    }
  }
}
