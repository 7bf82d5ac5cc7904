import Foundation
import Testing

@testable import quotawatch

@Suite("The zone that TZ names")
struct MachineZoneTests {
  private static let summer = Date(timeIntervalSince1970: 1_782_000_000)

  @Test(
    "is understood in the forms of tzset(3): a name, one after a colon, a file, and an offset, which counts to the west",
    arguments: [
      ("Europe/Berlin", 7_200), (":Europe/Berlin", 7_200), ("/usr/share/zoneinfo/Europe/Berlin", 7_200),
      (":/usr/share/zoneinfo/Europe/Berlin", 7_200), ("UTC", 0), ("", 0), (":", 0), ("UTC0", 0), ("UTC+3", -10_800),
      ("UTC-3", 10_800), ("GMT3", -10_800), ("Etc/GMT+3", -10_800), ("<+0530>-5:30", 19_800), ("EST5EDT", -14_400),
    ])
  func forms(text: String, seconds: Int) {
    let zone = MachineZone(text)
    #expect(zone.zone.secondsFromGMT(for: Self.summer) == seconds)
    #expect(zone.problem == nil)
  }

  @Test(
    "is UTC where it is not understood, which is told",
    arguments: ["CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Nowhere", "/etc/passwd", "/nowhere", "UTC+99"])
  func unknown(text: String) {
    let zone = MachineZone(text)
    #expect(zone.zone.secondsFromGMT(for: Self.summer) == 0)
    #expect(zone.problem?.hasPrefix("TZ is \"\(text)\", which is no zone that is known: times are in UTC;") == true)
  }
}
