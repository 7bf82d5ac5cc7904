import QuotaCore

/// A figure in a small picture, for a page that is not ours.
package struct Badge: Hashable, Sendable {
  /// What the figure is to be taken for; each has a colour of its own, and a sign besides.
  package enum State: Hashable, Sendable {
    case ok
    /// An alert fires.
    case warning
    /// The quota is used up.
    case exceeded
    /// The figure is old.
    case stale
    /// There is none.
    case unknown
  }

  package let label: String
  package let text: String
  package let state: State

  package init(label: String, text: String, state: State) {
    self.label = label
    self.text = text
    self.state = state
  }

  /// The picture; below 2 KB, since labels and texts are cut.
  var svg: String {
    let (label, text) = (ForeignText.clipped(label, to: 40), "\(sign)\(ForeignText.clipped(text, to: 60))")
    let (left, right) = (Self.width(of: label), Self.width(of: text))
    let title = Self.escaped("\(label): \(ForeignText.clipped(self.text, to: 60))\(words)")
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(left + right)" height="20" role="img" aria-label="\(title)">
      <title>\(title)</title>
      <path fill="#444" d="M3 0h\(left - 3)v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z"/>
      <path fill="\(colour)"\(edge) \
      d="M\(left) 0h\(right - 3)a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H\(left)z"/>
      <g font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
      <text fill="#fff" x="\(left / 2)" y="14">\(Self.escaped(label))</text>
      <text fill="\(state == .stale || state == .unknown ? "#222" : "#fff")" x="\(left + right / 2)" y="14">\(Self.escaped(text))</text>
      </g>
      </svg>

      """
  }

  /// Of at least 4.5 : 1 against the text.
  private var colour: String {
    switch state {
    case .ok: "#1b6e3c"
    case .warning: "#8a5300"
    case .exceeded: "#a4161a"
    case .stale: "#e3e3e3"
    case .unknown: "#fff"
    }
  }

  private var edge: String {
    switch state {
    case .ok, .warning, .exceeded: ""
    case .stale: " stroke=\"#444\" stroke-dasharray=\"3 2\""
    case .unknown: " stroke=\"#444\""
    }
  }

  private var sign: String {
    switch state {
    case .ok, .unknown: ""
    case .warning: "▲ "
    case .exceeded: "✕ "
    case .stale: "◷ "
    }
  }

  /// What the sign and the colour say.
  private var words: String {
    switch state {
    case .ok, .stale, .unknown: ""
    case .warning: ", an alert fires"
    case .exceeded: ", used up"
    }
  }

  /// How wide a text is with its margins, about: each character is taken for a wide one.
  private static func width(of text: String) -> Int { text.unicodeScalars.count * 7 + 12 }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
