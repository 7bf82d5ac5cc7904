/// A value for each month. Where the same month is asked for again and again, that is fast.
struct ByMonth<Value> {
  private var current: (month: BillingMonth, value: Value)?
  private var others: [BillingMonth: Value] = [:]

  subscript(month: BillingMonth) -> Value? {
    get { current?.month == month ? current?.value : others[month] }
    set {
      if let current, current.month != month { others[current.month] = current.value }
      current = newValue.map { (month, $0) }
      others[month] = nil
    }
  }
}
