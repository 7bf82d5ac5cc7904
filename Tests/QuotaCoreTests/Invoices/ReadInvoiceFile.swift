import FoundationEssentials
import QuotaCore

/// A file of invoices that was read, with everything that it says.
struct ReadInvoiceFile {
  private let file: InvoiceFile
  private let sink = Sink()

  var lines: [InvoiceLine] { sink.lines }
  var emptyParts: [InvoiceLine] { sink.emptyParts }
  var totals: [StatedTotal] { sink.totals }
  var problems: [String] { file.problems }
  var warnings: [String] { file.warnings }
  var voided: Set<String> { file.voided }
  var withoutLines: Set<String> { file.withoutLines }
  var skipped: Int { file.skipped }
  var fields: [InvoiceFile.FieldReading] { file.fields }

  /// - Parameter piece: how many bytes come at a time.
  init(
    _ bytes: [UInt8], mapping: InvoiceMapping,
    organizations: Set<OrganizationID> = [OrganizationID("acme"), OrganizationID("globex")],
    zone: TimeZone = .gmt, sheet: String? = nil, piece: Int = .max
  ) {
    var file = InvoiceFile(
      mapping: mapping, organizations: organizations, zone: zone, hash: String(repeating: "ab", count: 32), sheet: sheet
    )
    // The sink throws nothing.
    for start in stride(from: 0, to: bytes.count, by: piece) {
      try? file.read(Array(bytes[start...].prefix(piece)), into: sink)
    }
    try? file.finish(into: sink)
    self.file = file
  }

  private final class Sink: InvoiceSink {
    var lines: [InvoiceLine] = []
    var emptyParts: [InvoiceLine] = []
    var totals: [StatedTotal] = []

    func take(_ line: InvoiceLine) -> Bool {
      defer { lines.append(line) }
      return !lines.contains { $0.key == line.key }
    }

    func takeEmpty(_ part: InvoiceLine) { emptyParts.append(part) }

    func take(_ total: StatedTotal) {
      if !totals.contains(total) { totals.append(total) }
    }

    func totalsWithoutLines() -> [StatedTotal] {
      let invoices = Set(lines.map(\.key.invoice))
      defer { totals.removeAll { !invoices.contains($0.invoice) } }
      return totals.filter { !invoices.contains($0.invoice) }
    }

    func ambiguousTotals() -> [StatedTotal] {
      let groups = Dictionary(grouping: totals) { [$0.invoice, $0.kind.rawValue, $0.currency.code] }
      return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value).filter { $0.count > 1 }
        .flatMap { $0 }
    }
  }
}
