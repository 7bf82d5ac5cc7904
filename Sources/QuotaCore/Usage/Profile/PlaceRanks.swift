/// The places of amounts, the most frequent first as far as they have been read or written.
///
/// So what comes often is a small number, whether it is one amount, a few that differ by much, or all around a mean.
struct PlaceRanks {
  /// By rank.
  private let places: UnsafeMutableBufferPointer<Int>
  private let counts: UnsafeMutableBufferPointer<Int>
  /// By place.
  private let ranks: UnsafeMutableBufferPointer<Int>

  /// How many places were more frequent before each of these.
  static func ranks(of places: [Int]) -> [UInt64] {
    with(largest: places.max() ?? 0) { ranks in places.map { UInt64(ranks.count($0, at: ranks.ranks[$0])) } }
  }

  /// - Parameter ranks: of places up to the largest, less than that.
  static func places(of ranks: [UInt64], upTo largest: Int) -> [Int] {
    with(largest: largest) { places in
      ranks.map { rank in
        let place = places.places[Int(rank)]
        _ = places.count(place, at: Int(rank))
        return place
      }
    }
  }

  /// Until they are seen, the largest is first.
  private static func with<Result>(largest: Int, _ body: (PlaceRanks) -> Result) -> Result {
    let size = largest + 1
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: size * 3) { numbers in
      for index in 0..<size {
        (numbers[index], numbers[size + index], numbers[size * 2 + index]) = (largest - index, 0, largest - index)
      }
      return body(
        PlaceRanks(
          places: UnsafeMutableBufferPointer(rebasing: numbers[0..<size]),
          counts: UnsafeMutableBufferPointer(rebasing: numbers[size..<size * 2]),
          ranks: UnsafeMutableBufferPointer(rebasing: numbers[size * 2..<size * 3])))
    }
  }

  /// Moves a place ahead of those that are less frequent by now, and returns its rank before.
  @inline(__always)
  private func count(_ place: Int, at rank: Int) -> Int {
    let count = counts[rank] + 1
    var new = rank
    while new > 0, counts[new - 1] < count {
      places[new] = places[new - 1]
      ranks[places[new]] = new
      counts[new] = counts[new - 1]
      new -= 1
    }
    (places[new], counts[new], ranks[place]) = (place, count, new)
    return rank
  }
}
