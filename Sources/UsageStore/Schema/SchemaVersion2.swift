/// The second version of the schema: alerts that wait and are acknowledged, and messages of several events.
enum SchemaVersion2 {
  static let statements = [Alerting.statements].joined(separator: "\n")
}
