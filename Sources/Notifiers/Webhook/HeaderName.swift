import QuotaCore

/// What may be the name of a header that a user adds.
enum HeaderName {
  /// What is wrong with a name and what to do; nil if it is right.
  static func problem(in name: String) -> String? {
    guard isToken(name) else { return "\"\(name)\" cannot be the name of an HTTP header" }
    return isReserved(name.lowercased()) ? "\"\(name)\" is set by quotawatch itself; remove it" : nil
  }

  private static let reserved = [
    "connection", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
  ]
  private static let reservedBeginnings = ["webhook-", "content-"]

  /// Headers that carry the signature, describe the body, or steer the connection.
  private static func isReserved(_ name: String) -> Bool {
    reserved.contains(name) || reservedBeginnings.contains(where: name.hasPrefix)
  }

  /// A regular expression of what is reserved.
  fileprivate static var reservedPattern: String {
    let words = reserved.map(caseless) + reservedBeginnings.map { caseless($0) + ".*" }
    return "^(?:\(words.joined(separator: "|")))$"
  }

  private static func caseless(_ word: String) -> String {
    word.map { $0.isLetter ? "[\($0.uppercased())\($0)]" : "\($0)" }.joined()
  }

  /// A `token` of RFC 9110.
  private static func isToken(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100
      && name.utf8.allSatisfy { $0.isAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains($0) }
  }
}

extension Shape<String> {
  static var headerName: Shape {
    Shape(
      "name of a header",
      [
        .init("pattern", "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$"),
        .init("not", ["pattern": .text(HeaderName.reservedPattern)]),
      ],
      accepts: ["Authorization", "X-a_b"], refuses: ["A B", "", "hOst", "Webhook-Id", "CONTENT-TYPE"],
      decode: { $0.string() })
  }
}
