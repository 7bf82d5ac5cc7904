import Glibc
import QuotaCore
import Reports

/// How statements look that are printed.
package struct StatementSettings: Hashable, Sendable {
  /// Who the statements are from, on one line.
  package var issuer: String?
  /// The path of a picture.
  package var logo: String?

  package init(issuer: String? = nil, logo: String? = nil) {
    self.issuer = issuer
    self.logo = logo
  }

  static let shape = Shape.object(
    Fields(
      Field("issuer", .line(atMost: 200), .optional, "Who the statements are from, such as a name and an address."),
      Field(
        "logo", .path, .optional, "A picture in the head of each statement: PNG, JPEG, GIF, WebP or SVG, up to 256 KB.")
    ) { StatementSettings(issuer: $0, logo: $1) }
  )
  .named("statement", "The letterhead of printed statements.")

  /// In bytes.
  private static let largestLogo = 256 << 10

  /// The letterhead with its picture; nil if there is nothing in it.
  func letterhead() throws(ServiceError) -> Letterhead? {
    guard let logo else { return issuer.map { Letterhead(issuer: $0, logo: nil) } }
    let bytes: [UInt8]
    do throws(FileFailure) {
      bytes = try LocalFile(opening: logo, waiting: false).contents(atMost: Self.largestLogo)
    } catch {
      throw ServiceError(.configuration, "statement.logo: cannot read \(logo): \(error.message)")
    }
    guard let picture = LetterheadPicture(bytes) else {
      throw ServiceError(
        .configuration, "statement.logo: \(logo) is no PNG, JPEG, GIF, WebP or SVG; save it as one of them")
    }
    return Letterhead(issuer: issuer, logo: picture)
  }
}
