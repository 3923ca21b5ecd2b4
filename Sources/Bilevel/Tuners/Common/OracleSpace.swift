import TuningModel

/// The coordinates that a method works in, and what they stand for.
protocol OracleSpace: Sendable {
  /// - Throws: `unsupported` with a pointer to each part of the study that the method cannot honour.
  init(_ study: StudyDefinition) throws(TunerError)

  /// The number of coordinates d.
  var dimension: Int { get }

  /// The point as a trial's parameters.
  func parameters(at point: [Double]) -> Parameters
  /// An answer with its gradients, and the bound of their error, in these coordinates.
  func internalAnswer(_ answer: OracleAnswer, at point: [Double]) -> OracleAnswer
  /// The nearest point that the space has.
  func projecting(_ point: [Double]) -> [Double]
}

extension StudyDefinition {
  /// What no method that asks oracles can honour, whatever the parameters.
  var oracleObjections: [InputMistake] {
    var mistakes: [InputMistake] = []
    func refuse(_ pointer: String, _ detail: String) {
      mistakes.append(InputMistake(pointer: pointer, detail: detail, kind: .support))
    }
    if !space.constraints.isEmpty {
      refuse("/parameter_constraints", "A method that follows gradients stays in a box; it takes no constraints.")
    }
    if objectives.count > 1 { refuse("/objectives", "A method that follows gradients takes one objective.") }
    for (index, objective) in objectives.enumerated() where objective.goal == .maximise {
      refuse("/objectives/\(index)/goal", "What an oracle tells is a loss: minimize it.")
    }
    if !outcomeConstraints.isEmpty {
      refuse("/outcome_constraints", "A method that follows gradients takes no outcome constraints.")
    }
    if stopping != nil { refuse("/stopping", "Answers of an oracle are not stopped early.") }
    return mistakes
  }
}
