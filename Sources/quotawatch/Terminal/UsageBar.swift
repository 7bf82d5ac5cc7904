/// A quota's use as a bar: `██████░░░░`.
enum UsageBar {
  /// A bar of `width` characters. It is full only when the whole quota is used, and empty only when nothing is.
  ///
  /// - Parameter quota: at 0, anything used fills the bar.
  static func text(used: Int64, of quota: Int64, width: Int = usualWidth) -> String {
    let filled = min(width, max(0, filled(used, quota, width)))
    return width == usualWidth ? usual[filled] : text(filled, of: width)
  }

  static let usualWidth = 10
  private static let usual = (0...usualWidth).map { text($0, of: usualWidth) }

  private static func text(_ filled: Int, of width: Int) -> String {
    String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }

  private static func filled(_ used: Int64, _ quota: Int64, _ width: Int) -> Int {
    guard used > 0 else { return 0 }
    guard used < quota else { return width }
    return max(1, Int(Int128(used) * Int128(width) / Int128(quota)))
  }
}
