import Glibc

/// The hosts that are this machine.
enum Loopback {
  /// Whether a host is this machine by its very name: `localhost`, an address in `127.0.0.0/8`, or `::1`.
  ///
  /// No name is looked up, since who answers for a name can change.
  static func contains(_ host: String) -> Bool {
    if host.lowercased() == "localhost" { return true }
    var version4 = in_addr()
    if inet_pton(AF_INET, host, &version4) == 1 { return UInt32(bigEndian: version4.s_addr) >> 24 == 127 }
    var version6 = in6_addr()
    guard inet_pton(AF_INET6, host, &version6) == 1 else { return false }
    return withUnsafeBytes(of: version6) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
  }
}
