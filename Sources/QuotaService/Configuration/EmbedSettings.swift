package import QuotaCore

/// How organizations are shown on others' pages.
package struct EmbedSettings: Hashable, Sendable {
  /// What tokens are signed with.
  package let secret: SecretReference
  /// Who may frame the page, as a content security policy says it.
  package let frameAncestors: [String]
  /// Whose scripts may ask for an organization, as browsers say it.
  package let allowedOrigins: [String]
}

extension EmbedSettings {
  static let shape = Shape.object(
    Fields(
      Field(
        "secret", .secret, .required,
        "What the tokens of `quotawatch embed` are signed with; take 32 random characters or more. Another one revokes all tokens."
      ),
      Field(
        "frame_ancestors", .distinct(.webSource(.frame)), .usually([]),
        "The sites that may show `/embed/ORGANIZATION` in a frame."),
      Field(
        "allowed_origins", .distinct(.webSource(.script)), .usually([]),
        "The sites whose scripts may ask `/api/v1/organizations/ORGANIZATION` with a token.")
    ) { EmbedSettings(secret: $0, frameAncestors: $1, allowedOrigins: $2) }
  )
  .named("embed", "How organizations are shown on others' pages.")
}

/// What a site is named for.
private enum WebSourceUse: Sendable {
  case frame
  case script
}

extension Shape where Value == String {
  /// A site: `https://app.example.com`, with a port if it has one, and for frames also `https://*.example.com`.
  fileprivate static func webSource(_ use: WebSourceUse) -> Shape {
    let label = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
    let wildcard: JSONLiteral = "https://*.example.com"
    return Shape(
      "site",
      pattern: use == .frame
        ? "^https?://(?:\\*\\.\(label)\\.)?\(label)(?:\\.\(label))*(?::[1-9][0-9]{0,4})?$"
        : "^https?://\(label)(?:\\.\(label))*(?::[1-9][0-9]{0,4})?$",
      accepts: ["https://app.example.com", "http://localhost:3000"] + (use == .frame ? [wildcard] : []),
      refuses: [
        "*", "https://*", "app.example.com", "https://app.example.com/", "https://App.example.com", "'self'",
        "https://a.example.com https://b.example.com", "https://app.example.com;", "https://*.com",
      ] + (use == .script ? [wildcard] : []), encode: { .text($0) }
    ) { node in
      guard let text = node.string() else { return nil }
      guard isWebSource(text, allowingWildcard: use == .frame) else {
        node.report(
          "expected a site such as \"https://app.example.com\", in lower case and without a path, found \"\(text)\"")
        return nil
      }
      return text
    }
  }

  private static func isWebSource(_ text: String, allowingWildcard: Bool) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
    let parts = text.dropFirst(scheme.count).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy(\.isDigit), parts[1].utf8.count <= 5, !parts[1].hasPrefix("0"), !parts[1].isEmpty
      else { return false }
    }
    var labels = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    if allowingWildcard, labels.first == "*", labels.count >= 3 { labels.removeFirst() }
    return labels.allSatisfy(HostLabel.isValid)
  }
}
