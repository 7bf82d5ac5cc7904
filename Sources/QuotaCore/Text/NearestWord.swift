/// The known word that somebody probably meant, by edit distance, if one is near enough.
package func nearestWord(to word: String, among known: some Sequence<String>) -> String? {
  // Of a word of one letter nothing is left when that is another one.
  let limit = min(max(1, word.count / 3), word.count - 1)
  return known.filter { !$0.isEmpty }.map { (distance: editDistance(word.lowercased(), $0.lowercased()), word: $0) }
    .filter { $0.distance <= limit }
    .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
}

/// `; did you mean "…"?` for the nearest known word, or the list of what is known, unless that is long.
package func suggestion(for word: String, among known: some Collection<String>, atMost most: Int = 20) -> String {
  let known = known.filter { !$0.isEmpty }
  if let nearest = nearestWord(to: word, among: known) { return "; did you mean \"\(nearest)\"?" }
  if known.isEmpty || known.count > most { return "" }
  return "; known: \(known.sorted().joined(separator: ", "))"
}

/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours count one each.
private func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first.unicodeScalars)
  let b = Array(second.unicodeScalars)
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
