/// A `multipart/form-data` body (RFC 7578), whose file is read while it is sent.
package struct MultipartForm: Sendable {
  /// One field of the form.
  package struct Part: Sendable {
    package enum Content: Sendable {
      case text(String)
      /// A file by its path; the name that the receiver sees is another, and chosen by the sender.
      case file(path: String, name: String)
    }

    package let field: String
    package let content: Content
    /// Such as `application/pdf`; nil for none.
    package let contentType: String?

    package init(field: String, content: Content, contentType: String? = nil) {
      self.field = field
      self.content = content
      self.contentType = contentType
    }
  }

  package let parts: [Part]
  /// Told how many bytes of how many are sent, from the transport's thread.
  package let progress: @Sendable (_ sent: Int64, _ total: Int64) -> Void

  package init(parts: [Part], progress: @escaping @Sendable (_ sent: Int64, _ total: Int64) -> Void = { _, _ in }) {
    self.parts = parts
    self.progress = progress
  }
}
