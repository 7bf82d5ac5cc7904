extension InvoiceFile {
  mutating func readObjects(_ bytes: [UInt8], into sink: some InvoiceSink) throws {
    let root: JSONNode
    do throws(JSONSyntaxError) {
      root = try JSONParser.parse(bytes)
    } catch {
      let line = TextPosition(offset: error.offset, in: bytes).line
      return stop("line \(line): not JSON: \(error.message)\(Self.jsonLinesHint(bytes, errorLine: line))")
    }
    if let path = root.partialList(at: "") {
      return stop(
        "\(path.isEmpty ? "the file" : "\"\(path)\"") is only a part of a list (has_more is true); export all of it")
    }
    let (records, empty) = records(in: root, mapping)
    let chosen = mapping.choosing { column in (records + empty).contains { !$0.cells(column).isEmpty } }
    note(chosen)
    var interpreter = interpreter(chosen)
    for record in records where !isOver {
      try take(record, &interpreter, skip: interpreter.skip(record), into: sink)
    }
    for invoice in empty where !isOver { try take(emptyInvoice: invoice, &interpreter, into: sink) }
    noteNumbers(interpreter)
  }

  /// What to do with a file that has an object in each line; empty for another one.
  private static func jsonLinesHint(_ bytes: [UInt8], errorLine: Int) -> String {
    guard errorLine > 1, let end = bytes.firstIndex(of: 0x0A), (try? JSONParser.parse(Array(bytes[..<end]))) != nil
    else { return "" }
    return "; it has one object in each line: make a list of them, as `jq -s .` does"
  }

  /// Every line of every invoice, and the invoices without any.
  private mutating func records(
    in root: JSONNode, _ mapping: InvoiceMapping
  ) -> (lines: [ObjectRecord], empty: [ObjectRecord]) {
    var (records, empty): ([ObjectRecord], [ObjectRecord]) = ([], [])
    for (place, invoice) in Self.invoices(in: root, mapping) {
      let list = mapping.linesPath.flatMap { invoice.nodes(at: $0).first }
      guard let path = mapping.linesPath, list != nil || !mapping.takesBareLines else {
        records.append(ObjectRecord(invoice, in: invoice, place: place, row: records.count + 1))
        continue
      }
      guard let list, case .array(let items) = list.value else {
        report("\(place): it has no list \"\(path)\"")
        continue
      }
      for (index, item) in items.enumerated() {
        records.append(
          ObjectRecord(item, in: invoice, place: "\(place).\(path)[\(index)]", row: records.count + 1))
      }
      // Only what stands beside the list is known of it.
      if items.isEmpty { empty.append(ObjectRecord(JSONNode(.null, offset: 0), in: invoice, place: place, row: 0)) }
    }
    return (records, empty)
  }

  /// An invoice without lines may be void, and may say what it comes to.
  private mutating func take(
    emptyInvoice record: ObjectRecord, _ interpreter: inout InvoiceInterpreter, into sink: some InvoiceSink
  ) throws {
    guard let id = interpreter.text(.invoiceID, of: record) else { return }
    if let status = interpreter.text(.issueStatus, of: record),
      interpreter.mapping.issueStatuses.values(for: status) == [.voided]
    {
      voided.insert(id)
      return
    }
    withoutLines.insert(id)
    var totals: [StatedTotal] = []
    do throws(InvoiceInterpreter.Problem) {
      if let currency = interpreter.currency(ofInvoice: record) {
        totals = try interpreter.totals(of: record, id, currency)
      }
    } catch {
      return report(error.message)
    }
    for total in totals { try sink.take(total) }
    if totals.isEmpty { warn("\(record.place): invoice \(id) has no lines") }
  }

  /// The invoices of a text that is one, a list of them, or has such a list.
  private static func invoices(in root: JSONNode, _ mapping: InvoiceMapping) -> [(place: String, node: JSONNode)] {
    func numbered(_ items: JSONList, _ name: String) -> [(place: String, node: JSONNode)] {
      items.enumerated().map { ("\(name)[\($0)]", $1) }
    }
    if case .array(let items) = root.value { return numbered(items, "") }
    if let path = mapping.invoicesPath, let list = root.nodes(at: path).first, case .array(let items) = list.value {
      return numbered(items, path)
    }
    return [("the invoice", root)]
  }
}

extension JSONNode {
  /// The path of an object in this one that says that it is only a part of a list, as APIs do that give a list by pages;
  /// the empty path for this object itself.
  fileprivate func partialList(at path: String) -> String? {
    switch value {
    case .object(let members):
      if self["has_more"]?.value == .boolean(true) { return path }
      return members.lazy.compactMap { $0.node.partialList(at: path.isEmpty ? $0.name : "\(path).\($0.name)") }.first
    case .array(let items):
      return items.lazy.enumerated().compactMap { $1.partialList(at: "\(path)[\($0)]") }.first
    default: return nil
    }
  }
}
