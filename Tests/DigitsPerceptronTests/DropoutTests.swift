import DigitsPerceptron
import NumericalMethods
import Testing

@Suite("Dropout")
struct DropoutTests {
  /// Five standard errors: a false alarm has a probability of 6e-7, and none with this seed.
  @Test("The expected output is unchanged", arguments: [0.1, 0.5, 0.7])
  func expectation(rate: Double) {
    var dropout = Dropout(rate: rate, seed: 1)
    var outputs = Matrix(rows: 100, columns: 500, repeating: 3)
    dropout.apply(to: &outputs)
    let n = Double(outputs.elements.count)
    let mean = outputs.elements.reduce(0, +) / n
    #expect(abs(mean - 3) < 5 * 3 * (rate / (1 - rate) / n).squareRoot())
  }

  @Test("A unit is either left out or scaled up")
  func values() {
    var dropout = Dropout(rate: 0.6, seed: 1)
    var outputs = Matrix(rows: 10, columns: 10, repeating: 2)
    dropout.apply(to: &outputs)
    #expect(Set(outputs.elements) == [0, 2 * dropout.scale])
  }

  @Test("Each batch leaves out other units")
  func changes() {
    var dropout = Dropout(rate: 0.5, seed: 1)
    var (first, second) = (Matrix(rows: 8, columns: 8, repeating: 1), Matrix(rows: 8, columns: 8, repeating: 1))
    dropout.apply(to: &first)
    dropout.apply(to: &second)
    #expect(first != second)
  }
}
