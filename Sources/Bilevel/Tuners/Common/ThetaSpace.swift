import Foundation
import NumericalMethods
import TuningModel

/// The outer variables as the methods see them: parameters on a log scale by their logarithm, all in a box.
///
/// The coordinates are the parameters in their order, vectors component by component.
struct ThetaSpace: OracleSpace {
  private let parameters: [(name: String, domain: FloatDomain)]
  private let isLog: [Bool]
  private let low: [Double]
  private let high: [Double]
  /// The box in internal coordinates.
  let bounds: BoxBounds
  /// Where to begin: the user's default point, parameters without a default at their centre.
  let start: [Double]

  /// The number of coordinates d.
  var dimension: Int { start.count }

  /// - Throws: `unsupported` with a pointer to each part of the study that a method with gradients cannot honour.
  init(_ study: StudyDefinition) throws(TunerError) {
    let mistakes = Self.objections(to: study)
    if !mistakes.isEmpty { throw .unsupported(mistakes) }
    parameters = study.space.parameters.compactMap { parameter in
      if case .float(let domain) = parameter.domain { (parameter.name, domain) } else { nil }
    }
    let components = parameters.flatMap { Array(repeating: $0.domain, count: $0.domain.size ?? 1) }
    isLog = components.map { $0.scale == .log }
    low = components.map(\.low)
    high = components.map(\.high)
    bounds = BoxBounds(
      lower: components.map { $0.scale == .log ? log($0.low) : $0.low },
      upper: components.map { $0.scale == .log ? log($0.high) : $0.high })
    let point = study.space.defaultPoint ?? study.space.centre
    let natural = parameters.flatMap { name, _ -> [Double] in
      switch point[name] {
      case .vector(let values): values
      case let value: [value?.number ?? .nan]
      }
    }
    start = bounds.projecting(zip(natural, isLog).map { $1 ? log($0) : $0 })
  }

  func projecting(_ point: [Double]) -> [Double] { bounds.projecting(point) }

  /// The point as a trial's parameters.
  func parameters(at point: [Double]) -> Parameters {
    let natural = point.indices.map { i in
      min(max(isLog[i] ? exp(point[i]) : point[i], low[i]), high[i])
    }
    var values: Parameters = [:]
    var first = 0
    for (name, domain) in parameters {
      if let size = domain.size {
        values[name] = .vector(Array(natural[first..<first + size]))
      } else {
        values[name] = .float(natural[first])
      }
      first += domain.size ?? 1
    }
    return values
  }

  /// An answer with its gradients, and the bound of their error, in internal coordinates.
  func internalAnswer(_ answer: OracleAnswer, at point: [Double]) -> OracleAnswer {
    let slopes = point.indices.map { isLog[$0] ? exp(point[$0]) : 1 }
    var result = answer
    result.z = answer.z.map { zip($0, slopes).map { $0 * $1 } }
    result.zBefore = answer.zBefore.map { zip($0, slopes).map { $0 * $1 } }
    result.omega = answer.omega.map { $0 * (slopes.max() ?? 1) }
    return result
  }

  private static func objections(to study: StudyDefinition) -> [InputMistake] {
    var mistakes: [InputMistake] = []
    func refuse(_ pointer: String, _ detail: String) {
      mistakes.append(InputMistake(pointer: pointer, detail: detail, kind: .support))
    }
    for (index, parameter) in study.space.parameters.enumerated() {
      let pointer = "/parameters/\(index)"
      guard case .float(let domain) = parameter.domain else {
        refuse(pointer + "/type", "A method that follows gradients takes float parameters alone.")
        continue
      }
      if domain.step != nil { refuse(pointer + "/step", "A method that follows gradients takes no steps of a grid.") }
      if parameter.condition != nil {
        refuse(pointer + "/when", "A method that follows gradients takes no conditional parameters.")
      }
    }
    return mistakes + study.oracleObjections
  }
}
