/// A file that pages refer to by a name that changes with its content, so that it may be kept for ever.
package struct PageAsset: Sendable {
  /// Such as `pages.1f9a0c51d27be846.css`.
  package let name: String
  package let contentType: String
  package let bytes: [UInt8]

  package static let style = PageAsset("pages", "css", "text/css; charset=utf-8", PackageResources.pages_css)
  package static let script = PageAsset("pages", "js", "text/javascript; charset=utf-8", PackageResources.pages_js)
  /// Of pages in frames.
  package static let frameScript = PageAsset(
    "frame", "js", "text/javascript; charset=utf-8", PackageResources.frame_js)
  package static let icon = PageAsset("icon", "svg", "image/svg+xml", PackageResources.icon_svg)
  package static let all = [style, script, frameScript, icon]

  /// Where it is served.
  var path: String { "/assets/\(name)" }

  private init(_ name: String, _ suffix: String, _ contentType: String, _ bytes: [UInt8]) {
    let digest = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    self.name = "\(name).\(String(digest, radix: 16)).\(suffix)"
    self.contentType = contentType
    self.bytes = bytes
  }
}
