import Bilevel
import Foundation
import TuningModel

/// A user's program as an oracle whose gradient is held against differences of its values.
struct ProgramOracle {
  private let space: SearchSpace
  private let program: ObjectiveProgram
  private let scratch: URL
  private let eps: Double

  /// One number of the space: which parameter, which of its components, its box and scale.
  private struct Coordinate {
    var name: String
    var parameter: String
    var component: Int?
    var domain: FloatDomain
  }

  private let coordinates: [Coordinate]

  /// - Throws: `CommandFailure` where the space has other than float parameters, or the template does not fit it.
  init(_ definition: StudyDefinition, _ command: [String], eps: Double) throws(CommandFailure) {
    space = definition.space
    self.eps = eps
    var coordinates: [Coordinate] = []
    for parameter in definition.space.parameters {
      guard case .float(let domain) = parameter.domain, parameter.condition == nil else {
        throw CommandFailure(
          .usage, "the parameter \(parameter.name) has no gradient: it is not a float, or conditional")
      }
      for component in 0..<(domain.size ?? 1) {
        let isVector = domain.size != nil
        coordinates.append(
          Coordinate(
            name: isVector ? "\(parameter.name)[\(component)]" : parameter.name, parameter: parameter.name,
            component: isVector ? component : nil, domain: domain))
      }
    }
    self.coordinates = coordinates
    let template: CommandTemplate
    do throws(CommandTemplate.Mistakes) {
      template = try CommandTemplate(command, for: definition.space)
    } catch {
      throw CommandFailure(.usage, error.sentences.joined(separator: "\n"))
    }
    scratch = try StudyRunner.makeScratchFolder()
    program = ObjectiveProgram(
      template: template, study: definition.name, grace: .seconds(10), scratch: scratch, groups: ProcessGroups(),
      checkpoints: CheckpointFolder(scratch.path, study: definition.name), passThrough: nil)
  }

  /// Removes the files of the programs.
  func end() { try? FileManager.default.removeItem(at: scratch) }

  /// Compares the gradient with differences.
  ///
  /// - Parameters:
  ///   - point: parameters as JSON; nil for the default point, or the centre.
  ///   - step: the length of a difference, as a share of the coordinate's range.
  ///   - components: the most that are checked one by one.
  ///   - tolerance: the greatest mismatch that passes.
  func check(
    at point: JSONValue?, step: Double, components: Int, tolerance: Double
  ) async throws(CommandFailure) -> GradientCheck {
    let steps = coordinates.map { $0.domain.scale == .log ? 0 : step * ($0.domain.high - $0.domain.low) }
    var theta = try start(point)
    // Both ends of a difference lie within the box.
    let lengths = theta.indices.map { steps[$0] > 0 ? steps[$0] : step * theta[$0] }
    for (j, coordinate) in coordinates.enumerated() {
      theta[j] = min(max(theta[j], coordinate.domain.low + lengths[j]), coordinate.domain.high - lengths[j])
    }
    let (answer, products) = try await ask(.hypergradient, theta, 1)
    let z = answer.z ?? []
    var trial = 2
    func value(_ theta: [Double]) async throws(CommandFailure) -> Double {
      defer { trial += 1 }
      return try await ask(.value, theta, trial).answer.g
    }
    var check = GradientCheck(tolerance: tolerance)
    check.add([("g as a value and with its gradient", answer.g, try await value(theta))])
    var rows: [(name: String, claimed: Double, measured: Double)] = []
    // In units of the steps, so that coordinates of different size weigh alike.
    for j in theta.indices.prefix(components) {
      var (up, down) = (theta, theta)
      up[j] += lengths[j]
      down[j] -= lengths[j]
      let slope = (try await value(up) - value(down)) / (up[j] - down[j])
      rows.append(("z of \(coordinates[j].name)", z[j], slope))
    }
    check.add(rows)
    let mixed = theta.indices.map { lengths[$0] * sin(Double(3 * $0 + 1)) }
    let difference =
      (try await value(zip(theta, mixed).map { $0 + $1 }) - value(zip(theta, mixed).map { $0 - $1 })) / 2
    check.add([("z along a direction", zip(z, mixed).reduce(0) { $0 + $1.0 * $1.1 }, difference)])
    try Self.addAdjoints(of: products, to: &check)
    return check
  }

  /// Compares the two sides of ⟨v, Hw⟩ = ⟨Hv, w⟩ and ⟨v, Ju⟩ = ⟨Jᵀv, u⟩, where the program told them.
  private static func addAdjoints(
    of products: [String: Double], to check: inout GradientCheck
  ) throws(CommandFailure) {
    for (name, left, right) in [
      ("adjoint of H: <v, Hw> and <Hv, w>", "v_Hw", "Hv_w"), ("adjoint of J: <v, Ju> and <J'v, u>", "v_Ju", "Jtv_u"),
    ] {
      switch (products[left], products[right]) {
      case (let first?, let second?): check.add([(name, second, first)])
      case (nil, nil): break
      default: throw CommandFailure(.failed, "the program told one of \(left) and \(right), not both")
      }
    }
  }

  private func start(_ json: JSONValue?) throws(CommandFailure) -> [Double] {
    let defaults = space.defaultPoint ?? space.centre
    return try coordinates.map { (coordinate) throws(CommandFailure) in
      var number: Double?
      if let json {
        switch (json[coordinate.parameter], coordinate.component) {
        case (.number(let value)?, nil): number = value
        case (.array(let values)?, let component?) where values.indices.contains(component):
          if case .number(let value) = values[component] { number = value }
        default: break
        }
      } else {
        switch defaults[coordinate.parameter] {
        case .vector(let values)?: number = coordinate.component.map { values[$0] }
        case let value: number = value?.number
        }
      }
      guard let number, number >= coordinate.domain.low, number <= coordinate.domain.high else {
        throw CommandFailure(.usage, "--at has no number in its range for \(coordinate.name)")
      }
      return number
    }
  }

  private func ask(
    _ kind: OracleRequest.Kind, _ theta: [Double], _ number: TrialNumber
  ) async throws(CommandFailure) -> (answer: OracleAnswer, products: [String: Double]) {
    var parameters: Parameters = [:]
    for (coordinate, value) in zip(coordinates, theta) {
      if coordinate.component == nil {
        parameters[coordinate.parameter] = .float(value)
      } else if case .vector(let values)? = parameters[coordinate.parameter] {
        parameters[coordinate.parameter] = .vector(values + [value])
      } else {
        parameters[coordinate.parameter] = .vector([value])
      }
    }
    let request = OracleRequest(
      kind, eps: eps, delta: kind == .hypergradient ? eps : nil,
      needs: kind == .hypergradient ? [.g, .gradGNorm, .z] : [.g])
    let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    let ending = await program.evaluate(
      Trial(
        number: number, state: .running, parameters: parameters,
        origin: SuggestionOrigin(tuner: SuggestionOrigin.enqueued), request: request, createdAt: now, startedAt: now)
    ) { _ in }
    guard ending.status == .exited(0), let answer = ending.reported.oracle else {
      var reason = "it reported no oracle"
      switch ending.status {
      case .exited(0): break
      case .exited(let code): reason = "exit status \(code)"
      case .killed(let signal): reason = "killed by signal \(signal)"
      case .notStarted(let detail): reason = "it could not be started: \(detail)"
      }
      if let problem = ending.reported.problem { reason += "; \(problem)" }
      if !ending.errorTail.isEmpty { reason += "\n\(ending.errorTail)" }
      throw CommandFailure(.failed, "the program gave no answer to a \(kind.rawValue) request: \(reason)")
    }
    let mistakes = answer.mistakes(for: request, dimension: theta.count)
    if !mistakes.isEmpty {
      throw CommandFailure(
        .failed, "the program's answer: " + mistakes.map { "\($0.pointer): \($0.detail)" }.joined(separator: "\n"))
    }
    return (answer, ending.reported.values)
  }
}
