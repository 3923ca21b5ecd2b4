import BestResponse
import TuningModel

/// Hyperparameters as the unbounded coordinates λ that a self-tuning network responds to.
///
/// With u = 1/(1 + e^−λ) a float is low + (high − low)·u, on a log scale low·(high/low)^u. Of n levels, those of whole
/// numbers, grids and ordinals, it is level ⌊n·u⌋; on a log scale the level that low·((low + n·step)/low)^u falls in.
/// Training losses are never differentiated by hyperparameters, so levels are as good as numbers.
struct ResponseSpace: OracleSpace {
  /// One coordinate.
  private struct Coordinate: Sendable {
    /// From λ to a value, or to what levels are cut from.
    let curve: TunedHyperparameter
    /// How levels are cut; nil for a continuum.
    let levels: Levels?
  }

  /// Levels from `low` on, so far apart.
  private struct Levels: Sendable {
    let count: Int
    let low, step: Double

    func level(of value: Double) -> Int {
      // The range may come to more than an Int.
      Int(min(Double(count - 1), max(0, ((value - low) / step).rounded(.down))))
    }
  }

  private let parameters: [(name: String, domain: Domain)]
  private let coordinates: [Coordinate]
  /// Where to begin: λ of the user's default point, parameters without a default at their centre.
  let start: [Double]
  /// The parameters there, which the way there and back would round.
  private let startParameters: Parameters?

  var dimension: Int { coordinates.count }

  init(_ study: StudyDefinition) throws(TunerError) {
    var mistakes: [InputMistake] = []
    var coordinates: [Coordinate] = []
    var start: [Double] = []
    var isMoved = false
    let point = study.space.defaultPoint ?? study.space.centre
    for (index, parameter) in study.space.parameters.enumerated() {
      let pointer = "/parameters/\(index)"
      if parameter.condition != nil {
        mistakes.append(
          InputMistake(
            pointer: pointer + "/when", detail: "A network responds to all of its hyperparameters at all times.",
            kind: .support))
      }
      do throws(InvalidInput) {
        for value in Self.components(point[parameter.name]) {
          let coordinate = try Self.coordinate(parameter, at: value, pointer)
          let lambda = coordinate.curve.coordinate(of: coordinate.curve.start)
          let (reached, wanted) = (coordinate.curve.value(at: lambda), coordinate.curve.start)
          // An end of a range, which no λ stands for.
          if coordinate.levels == nil, (reached - wanted).magnitude > 1e-9 * wanted.magnitude { isMoved = true }
          coordinates.append(coordinate)
          start.append(lambda)
        }
      } catch {
        mistakes += error.mistakes
      }
    }
    mistakes += study.oracleObjections
    if !mistakes.isEmpty { throw .unsupported(mistakes) }
    parameters = study.space.parameters.map { ($0.name, $0.domain) }
    self.coordinates = coordinates
    self.start = start
    startParameters = isMoved ? nil : point
  }

  private static func components(_ value: ParameterValue?) -> [ParameterValue] {
    if case .vector(let values)? = value { values.map(ParameterValue.float) } else { [value].compactMap(\.self) }
  }

  /// The coordinate of a parameter, or of one component, that begins at a value.
  private static func coordinate(
    _ parameter: Parameter, at value: ParameterValue, _ pointer: String
  ) throws(InvalidInput) -> Coordinate {
    func refusal(_ pointer: String, _ detail: String) -> InvalidInput {
      InvalidInput([InputMistake(pointer: pointer, detail: detail, kind: .support)])
    }
    let coordinate: Coordinate
    switch parameter.domain {
    case .bool, .categorical:
      throw refusal(pointer + "/type", "A response needs an order: float, int or ordinal.")
    case .float(let domain) where domain.step == nil:
      let curve: TunedHyperparameter.Transformation =
        domain.scale == .log
        ? .logInterval(low: domain.low, high: domain.high) : .interval(low: domain.low, high: domain.high)
      coordinate = Coordinate(
        curve: TunedHyperparameter(parameter.name, curve, start: value.number ?? .nan), levels: nil)
    case .float(let domain):
      coordinate = levels(parameter, value, domain.low, domain.step ?? 1, domain.scale)
    case .int(let domain):
      coordinate = levels(parameter, value, Double(domain.low), Double(domain.step), domain.scale)
    case .ordinal:
      coordinate = levels(parameter, value, 0, 1, .linear)
    }
    do throws(BestResponseError) {
      try coordinate.curve.check()
    } catch {
      throw refusal(pointer, "A response needs at least two values, and a range that is finite.")
    }
    return coordinate
  }

  private static func levels(
    _ parameter: Parameter, _ value: ParameterValue, _ low: Double, _ step: Double, _ scale: Scale
  ) -> Coordinate {
    let domain = parameter.domain.component
    let count = domain.levelCount ?? 1
    let level = domain.level(of: value) ?? 0
    if scale == .linear {
      return Coordinate(
        curve: TunedHyperparameter(parameter.name, .whole(low: 0, high: count - 1), start: Double(level)),
        levels: Levels(count: count, low: 0, step: 1))
    }
    return Coordinate(
      curve: TunedHyperparameter(
        parameter.name, .logInterval(low: low, high: low + Double(count) * step),
        start: low + (Double(level) + 0.5) * step),
      levels: Levels(count: count, low: low, step: step))
  }

  func parameters(at point: [Double]) -> Parameters {
    if point == start, let startParameters { return startParameters }
    var values: Parameters = [:]
    var first = 0
    for (name, domain) in parameters {
      let count = domain.size ?? 1
      let components = (first..<first + count).map { i -> ParameterValue in
        let value = coordinates[i].curve.value(at: point[i])
        return coordinates[i].levels.map { domain.component.value(atLevel: $0.level(of: value)) } ?? .float(value)
      }
      values[name] = domain.size == nil ? components[0] : .vector(components.map { $0.number ?? 0 })
      first += count
    }
    return values
  }

  /// Answers are in these coordinates already.
  func internalAnswer(_ answer: OracleAnswer, at point: [Double]) -> OracleAnswer { answer }

  /// λ is unbounded.
  func projecting(_ point: [Double]) -> [Double] { point }
}

extension Domain {
  /// The number of components of a vector.
  fileprivate var size: Int? { if case .float(let domain) = self { domain.size } else { nil } }

  /// The domain of one component.
  fileprivate var component: Domain {
    guard case .float(var domain) = self else { return self }
    domain.size = nil
    return .float(domain)
  }
}
