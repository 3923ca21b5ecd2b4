import TuningModel

/// What the method of adaptive inexact descent remembers.
struct MAIDState: OracleState {
  /// A point whose gradient is known.
  struct Base: Codable, Hashable, Sendable {
    var point: [Double]
    /// The gradient, and the length of the step to the projection of `point − z`.
    var z: [Double]
    var stationarity: Double
    /// What the objective is at least.
    var low: Double
    /// A bound of the gradient's error.
    var omega: Double?
    var trial: TrialNumber
  }

  /// A step length of a line, and what came of it.
  struct Try: Codable, Hashable, Sendable {
    var point: [Double]
    var alpha: Double
    /// The ask; `nil` where none was needed.
    var ask: Int?
    /// How much the objective exceeds what is asked of it at most; `nil` before the answer.
    var excess: Double?
    /// The answer, once it is there.
    var trial: TrialNumber?
    var answer: Gradient?
  }

  /// What a gradient's answer has told.
  struct Gradient: Codable, Hashable, Sendable {
    var z: [Double]
    var low: Double
    var omega: Double?
  }

  /// More than a descent comes to, which has one more after each line without a step.
  private static let mostTries = 100_000

  var book = AskBook()
  var ending: OracleEnding?
  /// Where the gradient is asked for next, or was.
  var point: [Double]
  var eps: Double
  var delta: Double
  /// The first step length of the next line.
  var alpha: Double?
  /// How many step lengths the next line tries.
  var tries: Int
  var steps = 0
  /// Inner iterations so far.
  var inner = 0.0
  var base: Base?
  /// The base before the last step, the step's length, and the length of the way.
  var previous: Base?
  var previousAlpha: Double?
  var lastStep: Double?
  /// The line that is searched; empty while the gradient is awaited.
  var line: [Try] = []
  var warmFrom: TrialNumber?
  /// Whether the gradient at this point was asked for a second time.
  var isRepeated = false

  func isSound(_ d: Int) -> Bool {
    let bases = [base, previous].compactMap { $0 }
    return (1...Self.mostTries).contains(tries) && point.count == d
      && bases.allSatisfy { $0.point.count == d && $0.z.count == d }
      && line.allSatisfy { $0.point.count == d && ($0.answer?.z.count ?? d) == d }
      && (previous == nil) == (previousAlpha == nil) && (line.isEmpty || base != nil)
  }
}
