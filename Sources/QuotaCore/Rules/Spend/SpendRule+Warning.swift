extension SpendRule {
  /// Why it says nothing of some of the organizations that it is judged on, or compares what is not alike; nil if all is
  /// well.
  ///
  /// Organizations without any prices are passed over in silence, as long as there are others.
  package func warning(for organizations: [Organization], of all: [Organization]) -> String? {
    let judged = organizations.filter(canJudge)
    guard !judged.isEmpty else {
      let wanted = currency.map { " in \($0)" } ?? ""
      return "cannot fire: no organization that it is judged on has a plan with prices\(wanted)"
    }
    guard let currency else {
      let currencies = Set(judged.flatMap { $0.pricePlan?.currencies ?? [] }).sorted().map(\.code)
      guard currencies.count > 1 else { return nil }
      let listed = currencies.joined(separator: " and ")
      return "compares the same amount in \(listed); give \"currency\", and add a rule for each currency"
    }
    let unlike = organizations.filter { $0.pricePlan?.currencies.isEmpty == false && !canJudge($0) }
    guard !unlike.isEmpty else { return nil }
    let named = unlike.prefix(3).map(\.id.rawValue).joined(separator: ", ")
    let more = unlike.count > 3 ? " and \((unlike.count - 3).grouped) more" : ""
    return "says nothing of \(named)\(more): the prices are not in \(currency); add a rule for their currency"
  }
}
