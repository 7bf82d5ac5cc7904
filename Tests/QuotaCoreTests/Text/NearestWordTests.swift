import QuotaCore
import Testing

@Suite("The nearest known word")
struct NearestWordTests {
  @Test(
    "a typing error finds its word",
    arguments: [
      ("percnt", "percent"), ("pecrent", "percent"), ("Percent", "percent"), ("percentt", "percent"),
      ("cuont", "count"),
      ("count", "count"),
    ])
  func found(word: String, known: String) {
    #expect(nearestWord(to: word, among: ["count", "metric", "percent"]) == known)
  }

  @Test("a word that resembles none finds none", arguments: ["xyz", "", "quota", "per"])
  func notFound(word: String) {
    #expect(nearestWord(to: word, among: ["count", "metric", "percent"]) == nil)
  }

  @Test("of equally near words the first in the alphabet is taken")
  func ties() {
    #expect(nearestWord(to: "bat", among: ["cat", "bar"]) == "bar")
  }

  @Test("without a near word the known ones are listed, unless they are many or none")
  func suggestions() {
    #expect(suggestion(for: "metrc", among: ["metric"]) == "; did you mean \"metric\"?")
    #expect(suggestion(for: "x", among: ["metric", "count"]) == "; known: count, metric")
    #expect(suggestion(for: "x", among: []) == "")
    #expect(suggestion(for: "x", among: [""]) == "")
    #expect(suggestion(for: "x", among: ["", "y"]) == "; known: y")
    #expect(suggestion(for: "x", among: (0...20).map { "word\($0)" }) == "")
  }
}
