import Glibc
import QuotaCore

/// How much time this process has been computing for, in seconds.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// A number with so many decimals.
func decimal(_ value: Double, _ places: Int) -> String {
  var factor = 1
  for _ in 0..<places { factor *= 10 }
  let scaled = Int((value * Double(factor)).rounded())
  guard places > 0 else { return "\(scaled)" }
  let fraction = "\(scaled % factor)"
  return "\(scaled / factor).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
}

/// Rules as a configuration writes them.
func configuredRules(_ text: String) -> [Rule] {
  let bytes = Array("[\(text)]".utf8)
  let issues = ConfigurationIssues(source: bytes)
  guard let root = try? JSONParser.parse(bytes),
    let rules = ConfigurationNode(root, issues: issues).decoded(as: .list(of: Rule.shape))
  else { preconditionFailure("these are no rules: \(text)") }
  return rules
}

/// The same numbers in every run (SplitMix64, after Steele, Lea and Flood, 2014).
struct BenchmarkGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A normally distributed number with mean 0 and standard deviation 1 (the Box-Muller transform).
  mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: Double.leastNormalMagnitude..<1, using: &self))).squareRoot()
    return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &self))
  }
}
