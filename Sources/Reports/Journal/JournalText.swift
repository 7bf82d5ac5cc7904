import QuotaCore

extension String {
  /// The text in the first line of a transaction: without line breaks, and without the semicolon that begins a comment and
  /// the bar that ends the payee.
  var forJournalDescription: String {
    journalText { scalar in
      switch scalar {
      case ";": ","
      case "|": "/"
      default: scalar
      }
    }
  }

  /// The text as the value of a tag: without line breaks and without the comma that ends the value. Brackets would be
  /// taken for a date, and a colon for another tag.
  var forJournalTag: String {
    journalText { scalar in
      switch scalar {
      case ",": ";"
      case "[": "("
      case "]": ")"
      case ":": "\u{A789}"
      default: scalar
      }
    }
  }

  /// The text on a line of its own that is all comment.
  var forJournalComment: String { journalText { $0 } }

  /// What every line break and control character becomes a space of.
  private func journalText(_ replacement: (Unicode.Scalar) -> Unicode.Scalar) -> String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .format: text.append(" ")
      default: text.append(replacement(scalar))
      }
    }
    return String(text).withoutOuterSpaces
  }
}
