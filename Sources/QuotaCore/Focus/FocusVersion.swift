/// A version of the FinOps Open Cost and Usage Specification (FOCUS) whose columns we write.
package enum FocusVersion: String, CaseIterable, Sendable {
  case v1_2 = "1.2"
  case v1_4 = "1.4"
}
