import DigitsPerceptron
import Foundation
import NumericalMethods
import Testing
import TuningModel

@Suite("What a network is judged by")
struct EvaluationTests {
  /// Measures two images, a 0 and a 1, with these logits by class.
  private func evaluate(_ logits: [[Double]]) throws -> Evaluation {
    let digits = try Digits(contentsOf: nil).subset(at: [0, 1])
    var pass = Pass(through: Perceptron(sizes: [64, 10], seed: 1), examples: 2)
    pass.load(digits, at: 0..<2)
    pass.outputs[1] = Matrix(logits).transposed()
    return pass.evaluate()
  }

  private func logits(_ label: Int, _ value: Double, others: Double = 0) -> [Double] {
    (0..<10).map { $0 == label ? value : others }
  }

  @Test("Equal logits lose the logarithm of the number of classes and recognise nothing")
  func undecided() throws {
    let evaluation = try evaluate([logits(0, 0), logits(0, 0)])
    #expect(abs(evaluation.loss - log(10)) < 1e-12)
    #expect(evaluation.error == 1)
  }

  @Test("The loss is the mean cross-entropy and the error the share of mistakes")
  func means() throws {
    let evaluation = try evaluate([logits(0, 2), logits(0, 2)])
    // Log-partition log(e² + 9), less 2 where the class is right and 0 where it is wrong.
    #expect(abs(evaluation.loss - (log(exp(2) + 9) - 1)) < 1e-12)
    #expect(evaluation.error == 0.5)
  }

  @Test("The mean of evaluations is not a number where one of them is not")
  func meanOfEvaluations() {
    let good = Evaluation(loss: 0.25, error: 0)
    #expect(Evaluation(meanOf: [good, Evaluation(loss: 0.75, error: 0.5)]) == Evaluation(loss: 0.5, error: 0.25))
    #expect(Evaluation(meanOf: [good, Evaluation(loss: .nan, error: 1)]).loss.isNaN)
  }

  @Test("Large logits do not overflow")
  func largeLogits() throws {
    #expect(try evaluate([logits(0, 1e5), logits(1, 1e5)]) == .init(loss: 0, error: 0))
    #expect(try evaluate([logits(0, -1e5), logits(1, 1e5)]).loss.isFinite)
  }

  @Test("Logits that are not finite are mistakes, and the loss is not a number", arguments: [Double.nan, .infinity])
  func notFinite(value: Double) throws {
    let evaluation = try evaluate([logits(0, value), logits(1, value)])
    #expect(evaluation.loss.isNaN && evaluation.error == 1)
  }

  @Test(
    "The result is a line of JSON, with strings for what JSON has no numbers for",
    arguments: [0.125, 1e-7, 3e20, .nan, .infinity])
  func line(loss: Double) throws {
    let line = Evaluation(loss: loss, error: 0.25).line
    try #require(line.hasPrefix("hone: "))
    let expected: JSONValue = loss.isNaN ? "NaN" : loss.isFinite ? .number(loss) : "Infinity"
    #expect(try JSONValue(text: String(line.dropFirst(6))) == ["loss": expected, "error": 0.25])
  }
}
