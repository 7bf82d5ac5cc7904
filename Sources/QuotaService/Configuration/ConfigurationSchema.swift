package import QuotaCore

extension Configuration {
  /// The JSON Schema of the file, which explains every field to an editor: `deploy/alerts.schema.json`.
  package static var schema: JSONLiteral {
    JSONSchema.document(
      shape.declaration, id: "https://quotawatch.invalid/alerts.schema.json", title: "quotawatch configuration",
      description: "What quotawatch watches, judges and tells. See docs/configuration.md.")
  }
}
