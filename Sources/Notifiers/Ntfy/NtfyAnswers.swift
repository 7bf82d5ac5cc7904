import QuotaCore

extension NtfyNotifier {
  /// docs.ntfy.sh/publish, "Limitations" and "Authentication"; the codes are those of the server's source
  /// (github.com/binwiederhier/ntfy, server/errors.go).
  static let answers = AnswerTable(
    "ntfy", success: .init("with the message's id") { $0.json?["id"]?.string != nil },
    pause: .seconds(5),
    [
      .init(
        [400], words: ["40009", "40010"], .channel, "the server does not take this topic's name: put another into {url}"
      ),
      .init([401], .channel, "the server does not accept the access token: make a new one and put it into {token}"),
      .init(
        [403], .channel,
        "the topic is reserved or needs a login: put an access token that may write to it into {token}"),
      .init([404], .channel, "there is no ntfy server at this address: look at {url}"),
      .init([410], .channel, "there is no ntfy server at this address any more: look at {url}"),
      .init([413], .message, "the message is too large for the server"),
      .init([429], words: ["42908"], .passes, "the server takes no more messages from here today"),
      .init([507], .passes, "the server has no room for the topic at present"),
      .init(
        [400], .message,
        "ntfy cannot take this message: if a template made it, look at it with `quotawatch notify preview`"),
    ])
}
