internal import GRDB
internal import QuotaCore

/// The store inside one transaction. Each folder of this target extends it with its part of the port.
struct StoreTransaction: StoreWriter {
  let database: Database
  let monthEnds: MonthEnds

  /// Keeps more pages in memory than the usual 2 MB, for storing a file of rows: so that the indices are not written and read
  /// again meanwhile.
  func keepPages(kibibytes: Int) throws { try run("PRAGMA cache_size = -\(kibibytes)") }
}
