/// What templates may name.
package enum TemplateFields {
  package static var names: Set<String> { TemplateValues.names }
}
