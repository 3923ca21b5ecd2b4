public import TuningModel

/// A tuner that follows what oracles tell, in a box and one objective.
///
/// Its trials carry requests. A result that it waits for makes `suggest` throw `waiting`, its end `finished`. A trial that a
/// user enqueued teaches it nothing. What was corrected or excluded is asked for once more where the method still rests on
/// it; steps that were taken since are not taken back.
public protocol OracleTuner: Tuner {
  /// Why the method has come to its end; `nil` while it goes on.
  var ending: OracleEnding? { get }
  /// The best answer so far and where the objective lies there; `nil` before one, and for methods whose answers are of
  /// perturbed points.
  var incumbent: OracleIncumbent? { get }
}

extension OracleTuner {
  /// It draws at once.
  public static var suggestsAhead: Bool { false }

  /// It starts there with a request of its own.
  public static var startsAtDefaultPoint: Bool { true }
}
