import Foundation

/// λ and how far it is perturbed, and how both move: one piece for training in process and for a service.
///
/// Perturbations are normal with standard deviations σ = log(1 + e^ς), so that ς is unbounded.
/// - Source: MacKay, Vicol, Lorraine, Duvenaud, Grosse 2019, "Self-tuning networks: bilevel optimization of hyperparameters
///   using structured best-response functions", section 3.
public struct PerturbedHyperparameters: Hashable, Sendable, Codable {
  /// λ, one number for each of k hyperparameters.
  public internal(set) var lambda: [Double]
  /// ς.
  public private(set) var rawDeviations: [Double]
  /// σ.
  public private(set) var deviations: [Double]
  /// Of λ and then ς.
  private var memory: Optimiser.State

  /// Begins at λ with the same σ for all, which is above 0.
  public init(at lambda: [Double], deviation: Double) {
    self.init(at: lambda, deviations: lambda.map { _ in deviation })
  }

  /// Begins at λ with a σ for each, above 0.
  public init(at lambda: [Double], deviations: [Double]) {
    self.lambda = lambda
    self.deviations = deviations
    // The inverse of log(1 + e^ς).
    rawDeviations = deviations.map { $0 + log(-expm1(-$0)) }
    memory = Optimiser.State(count: 2 * lambda.count)
  }

  /// Takes a step against a gradient of the validation loss, less τ times the entropy of perturbations.
  ///
  /// - Parameters:
  ///   - byLambda: k numbers.
  ///   - byDeviation: the derivatives by σ, without the entropy, k numbers; nil where σ stays.
  ///   - entropyWeight: τ, times the number of losses that the gradient is a sum of.
  ///   - optimiser: how they move.
  public mutating func step(
    byLambda: [Double], byDeviation: [Double]?, entropyWeight: Double, optimiser: Optimiser
  ) {
    let k = lambda.count
    precondition(byLambda.count == k && byDeviation?.count ?? k == k, "There is a slope for each hyperparameter")
    var gradient = byLambda
    for (j, deviation) in deviations.enumerated() {
      // 1 − e^−σ is the derivative of log(1 + e^ς).
      gradient.append(byDeviation.map { ($0[j] - entropyWeight / deviation) * -expm1(-deviation) } ?? 0)
    }
    var point = lambda + rawDeviations
    optimiser.step(byDeviation == nil ? [0..<k] : [0..<2 * k], &point, gradient, &memory)
    lambda = Array(point[..<k])
    if byDeviation == nil { return }
    rawDeviations = Array(point[k...])
    deviations = rawDeviations.map { $0 > 0 ? $0 + log1p(exp(-$0)) : log1p(exp($0)) }
  }

  /// Whether λ and ς are numbers and σ is above 0, as after a step that overflowed they are not.
  public var isFinite: Bool {
    (lambda + rawDeviations + deviations).allSatisfy(\.isFinite) && deviations.allSatisfy { $0 > 0 }
      && memory.isFinite
  }

  /// Whether there are k of everything and all are numbers, as a saved state may claim otherwise.
  public func isSound(_ k: Int) -> Bool {
    lambda.count == k && rawDeviations.count == k && deviations.count == k && memory.isSound(2 * k) && isFinite
  }
}
