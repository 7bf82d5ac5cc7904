internal import GRDB
internal import QuotaCore

/// The store inside one transaction. Each folder of this target extends it with its part of the port.
struct StoreTransaction: StoreWriter {
  let database: Database
  let monthEnds: MonthEnds
}
