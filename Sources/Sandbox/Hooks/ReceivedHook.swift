package import FoundationEssentials

/// One request that a ``WebhookSink`` took.
package struct ReceivedHook: Sendable {
  package let method: String
  /// Such as `/hooks/ops`, without the query.
  package let path: String
  package let query: String?
  /// In the order received; names in lower case.
  package let headers: [(name: String, value: String)]
  /// As it was sent, so that a signature can be checked.
  package let body: [UInt8]
  /// By the machine's clock.
  package let receivedAt: Date

  /// The first value of a header, by its name in lower case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name == name }?.value
  }
}
