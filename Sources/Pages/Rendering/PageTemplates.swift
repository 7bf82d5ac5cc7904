import Mustache

/// The templates of all pages, read once.
package struct PageTemplates: Sendable {
  private let library: MustacheLibrary

  /// - Throws: where a template cannot be read, which a test excludes.
  package init() throws {
    var library = MustacheLibrary()
    for (name, bytes) in Self.sources {
      // Values are escaped already; see ``PageValue``.
      try library.register("{{% CONTENT_TYPE:TEXT}}\n" + String(decoding: bytes, as: UTF8.self), named: name)
    }
    self.library = library
  }

  func render(_ name: String, _ fields: PageFields) -> Markup {
    Markup(library.render(fields.mapValues(\.object), withTemplate: name) ?? "")
  }

  static let sources: [(name: String, bytes: [UInt8])] = [
    ("shell", PackageResources.shell_mustache),
    ("overview", PackageResources.overview_mustache),
    ("organization", PackageResources.organization_mustache),
    ("alerts", PackageResources.alerts_mustache),
    ("deliveries", PackageResources.deliveries_mustache),
    ("reconciliation", PackageResources.reconciliation_mustache),
    ("reconciliation-index", PackageResources.reconciliation_index_mustache),
    ("system", PackageResources.system_mustache),
    ("embed", PackageResources.embed_mustache),
    ("sign-in", PackageResources.sign_in_mustache),
    ("form-marks", PackageResources.form_marks_mustache),
    ("alert-forms", PackageResources.alert_forms_mustache),
    ("message", PackageResources.message_mustache),
    ("paging", PackageResources.paging_mustache),
  ]
}
