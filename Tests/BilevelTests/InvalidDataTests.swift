import Bilevel
import NumericalMethods
import TestSupport
import Testing

@Suite("Data that no problem can be made of")
struct InvalidDataTests {
  private let design = Matrix([[1, 2], [3, 4], [5, 6]])
  private let broken = Matrix([[1, 2], [3, .nan], [5, 6]])

  @Test("Empty data, wrong lengths and labels out of range are refused")
  func shapes() {
    func refuses(_ body: () throws -> Void) {
      #expect {
        try body()
      } throws: { error in
        guard case .invalidData = error as? BilevelError else { return false }
        return true
      }
    }
    refuses { _ = try RidgeRegression(design: Matrix(rows: 0, columns: 2), targets: []) }
    refuses { _ = try RidgeRegression(design: design, targets: [1, 2]) }
    refuses { _ = try RidgeRegression(design: design, targets: [1, 2, 3], penalty: .grouped([0])) }
    refuses { _ = try RidgeRegression(design: design, targets: [1, 2, 3], penalty: .grouped([0, 2])) }
    refuses { _ = try RidgeRegression(design: design, targets: [1, 2, 3], penalty: .grouped([-1, 0])) }
    refuses { _ = try LogisticRegression(design: design, labels: [0, 1, 1]) }
    refuses { _ = try MultinomialRegression(design: design, labels: [0, 1, 3], classes: 3) }
    refuses { _ = try MultinomialRegression(design: design, labels: [0, 0, 0], classes: 1) }
    refuses { _ = try HyperCleaning(design: design, labels: [0, 1, -1], classes: 2) }
    refuses { _ = try HyperCleaning(design: design, labels: [0, 1, 0], classes: 2, penalty: 0) }
    refuses { _ = try CrossEntropy(design: design, labels: [0, 1, 0], classes: 2, scale: .nan) }
    refuses { _ = try LinearLeastSquares(design: design, influence: design, targets: [1]) }
    refuses { _ = try LinearLeastSquares(design: design, influence: design, targets: [1, 2, 3], start: 1e7) }
    refuses { _ = try KernelSquaredError(training: design, design: Matrix([[1]]), targets: [1]) }
    refuses {
      _ = try TotalVariation(observed: [1, 2, 3], .line(length: 2, startsAtZero: true), strength: .fixed(1))
    }
    refuses {
      _ = try TotalVariation(observed: [1], .image(rows: .max, columns: 2), strength: .fixed(1))
    }
    refuses {
      _ = try TotalVariation(observed: [1], .line(length: 1, startsAtZero: true), strength: .fixed(-1))
    }
    refuses {
      let linear = Hyperparameter("strength", .identity, range: 0...1, start: 0)
      _ = try TotalVariation(observed: [1], .line(length: 1, startsAtZero: true), strength: .tuned(linear))
    }
    refuses { _ = try FieldOfExperts(observed: [1, 2, 3, 4], rows: 2, columns: 2, filters: []) }
    refuses { _ = try FieldOfExperts(observed: [1, 2, 3, 4], rows: 2, columns: 2, filters: [design]) }
    refuses {
      var random = SplitMix64(seed: 1)
      _ = try PerceptronTraining(design: design, labels: [0, 1, 0], classes: 2, hidden: [0], using: &random)
    }
  }

  @Test("What is not finite is refused")
  func finite() {
    #expect(throws: BilevelError.notFinite("the training data")) {
      _ = try RidgeRegression(design: broken, targets: [1, 2, 3])
    }
    #expect(throws: BilevelError.notFinite("the training targets")) {
      _ = try ElasticNet(design: design, targets: [1, 2, .infinity])
    }
    #expect(throws: BilevelError.notFinite("the validation data")) {
      _ = try SquaredHinge(design: broken, labels: [1, -1, 1])
    }
    #expect(throws: BilevelError.notFinite("the products of the training data")) {
      _ = try ElasticNet(design: 1e200 * design, targets: [1e200, 1, -1e200])
    }
    #expect(throws: BilevelError.notFinite("the target")) { _ = try SquaredDistance(target: [.nan]) }
  }
}
