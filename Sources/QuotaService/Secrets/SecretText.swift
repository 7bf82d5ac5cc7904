import QuotaCore

extension Secret {
  /// What is wrong with bytes that should be a secret; half a sentence.
  enum Defect: Error {
    case empty
    case controlCharacter
    case encoding
    case invisible(InvisibleCharacter)

    var message: String {
      switch self {
      case .empty: "it is empty"
      case .controlCharacter: "it holds a line break, a NUL or another control character"
      case .encoding: "it is not UTF-8"
      case .invisible(let character): "its \(character.words)"
      }
    }
  }

  /// A secret as it stands in a variable or a file: UTF-8 on one line, whose line break does not count.
  init(bytes: [UInt8]) throws(Defect) {
    var text = bytes[...]
    if text.last == UInt8(ascii: "\n") { text = text.dropLast() }
    if text.last == UInt8(ascii: "\r") { text = text.dropLast() }
    guard !text.isEmpty else { throw .empty }
    guard !text.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { throw .controlCharacter }
    guard let string = String(validating: text, as: UTF8.self) else { throw .encoding }
    if let character = InvisibleCharacter(inSecret: string) { throw .invisible(character) }
    self.init(string)
  }
}
