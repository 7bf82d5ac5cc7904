/// What a column of a table of organizations says.
package enum OrganizationColumn: String, CaseIterable, Sendable {
  case id
  case name
  case plan
  case tags
  case notify
  case pages = "quota_pages"
  case conversions = "quota_conversions"
  case apiKeyVariable = "api_key_env"
  case apiKeyFile = "api_key_file"
  case apiKeyCredential = "api_key_credential"
  case webhookSecretVariable = "webhook_secret_env"
  case webhookSecretFile = "webhook_secret_file"
  case webhookSecretCredential = "webhook_secret_credential"

  /// A sentence on it, for the documentation.
  package var text: String {
    switch self {
    case .id: "The organization's id; the only column that has to be there."
    case .name: "What people call it."
    case .plan: "The name of one of the plans."
    case .tags: "Its tags, with spaces, commas, semicolons or bars between."
    case .notify: "The names of the notifiers that hear of it, written like tags."
    case .pages: "How many pages its month includes: digits alone."
    case .conversions: "How many conversions its month includes: digits alone."
    case .apiKeyVariable: "The environment variable that holds its API key."
    case .apiKeyFile: "The file that holds its API key; a relative path is relative to the table."
    case .apiKeyCredential: "The credential of systemd that is its API key."
    case .webhookSecretVariable, .webhookSecretFile, .webhookSecretCredential:
      "The same for what the vendor signs its webhooks with."
    }
  }

  /// Of which secret it says where that is to be had, and how; nil for a column of another sort.
  var reference: (secret: SecretOfOrganization, form: String)? {
    switch self {
    case .apiKeyVariable: (.apiKey, "env")
    case .apiKeyFile: (.apiKey, "file")
    case .apiKeyCredential: (.apiKey, "credential")
    case .webhookSecretVariable: (.webhookSecret, "env")
    case .webhookSecretFile: (.webhookSecret, "file")
    case .webhookSecretCredential: (.webhookSecret, "credential")
    case .id, .name, .plan, .tags, .notify, .pages, .conversions: nil
    }
  }
}

/// The secrets that an organization has, by the names of their settings.
package enum SecretOfOrganization: String, CaseIterable, Sendable {
  case apiKey = "api_key"
  case webhookSecret = "webhook_secret"
}
