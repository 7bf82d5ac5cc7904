import FoundationEssentials
import Notifiers
import QuotaCore

/// What a channel's configuration is recognised by, its secrets included, without saying anything of them: a digest that
/// is salted with the installation's own name.
struct ChannelFingerprint: Sendable {
  let configurations: [NotifierID: NotifierConfiguration]
  let secrets: any SecretSource

  /// Nil if a secret cannot be had.
  func of(_ notifier: NotifierID, in installation: String) async -> String? {
    guard let configuration = configurations[notifier] else { return nil }
    var parts = [installation, notifier.rawValue, configuration.settings]
    for reference in configuration.secrets {
      do throws(SecretError) {
        parts.append(try await secrets.secret(reference).reveal())
      } catch {
        return nil
      }
    }
    return ContentDigest.sha256(Array(parts.joined(separator: "\0").utf8))
  }
}

extension Channels {
  var channelFingerprint: ChannelFingerprint {
    ChannelFingerprint(
      configurations: Dictionary(uniqueKeysWithValues: configuration.notifiers.map { ($0.id, $0.configuration) }),
      secrets: world.secrets)
  }
}
