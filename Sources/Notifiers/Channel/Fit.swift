import QuotaCore

/// Whether a service would take what a template has made.
enum Fit {
  /// - Parameter unit: how the service counts.
  /// - Throws: ``UnfitText`` for a text without anything to read, and for one that is too long.
  static func check(_ text: String?, _ field: String, atMost limit: Int, unit: (String) -> Int) throws {
    guard let text else { return }
    guard
      text.unicodeScalars.contains(where: { !$0.properties.isWhitespace && !$0.properties.isDefaultIgnorableCodePoint })
    else { throw UnfitText(description: "\(field) is empty") }
    let length = unit(text)
    guard length <= limit else {
      throw UnfitText(description: "\(field) has a length of \(length.grouped), more than \(limit.grouped)")
    }
  }

  /// The bytes of a text that has to be JSON.
  static func json(_ text: String, _ field: String) throws -> [UInt8] {
    let bytes = Array(text.utf8)
    do throws(JSONSyntaxError) {
      _ = try JSONParser.parse(bytes)
    } catch {
      throw UnfitText(description: "\(field) is not JSON: \(error.message) at byte \(error.offset)")
    }
    return bytes
  }
}
