/// A value for each month. Where the same month is asked for again and again, that is fast.
struct ByMonth<Value> {
  private var month: BillingMonth?
  private var value: Value?
  private var others: [BillingMonth: Value] = [:]

  subscript(month: BillingMonth) -> Value? {
    get { month == self.month ? value : others[month] }
    set {
      if month != self.month {
        if let current = self.month { others[current] = value }
        others[month] = nil
        self.month = month
      }
      value = newValue
    }
  }
}
