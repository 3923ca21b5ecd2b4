/// The amounts added in turn to a matrix's diagonal until its Cholesky factorisation succeeds.
public struct JitterLadder: Sendable, Equatable {
  /// The amounts in the order tried, as fractions of the mean of the diagonal.
  public let steps: [Double]

  /// Creates a ladder; the steps are tried as they stand, so begin with 0 to try the matrix itself.
  public init(steps: [Double]) {
    precondition(!steps.isEmpty, "A ladder has at least one step")
    self.steps = steps
  }

  /// The matrix as it is, and nothing else.
  public static let none = JitterLadder(steps: [0])

  /// The matrix as it is, then 1e-8, 1e-7, … 1e-4 of the mean diagonal.
  public static let standard = JitterLadder(steps: [0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4])
}
