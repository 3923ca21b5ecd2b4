import DigitsPerceptron
import Testing

@Suite("The random numbers of a training")
struct SplitMix64Tests {
  @Test("The bits are those of the published generator")
  func publishedValues() {
    var stream = SplitMix64(state: 1_234_567)
    #expect(
      (0..<3).map { _ in stream.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }

  @Test("Purposes and seeds have streams of their own")
  func streams() {
    let first = [(1, .weights), (1, .order), (2, .weights), (2, .order)].map { (seed: UInt64, purpose) in
      var stream = SplitMix64(seed: seed, for: purpose as SplitMix64.Purpose)
      return stream.next()
    }
    #expect(Set(first).count == 4)
  }

  /// Six standard errors each: false alarms have a probability below 1e-8, and none with this seed.
  @Test("Normal numbers have mean 0 and variance 1")
  func normal() {
    var stream = SplitMix64(seed: 1, for: .weights)
    let n = 20_000
    let numbers = (0..<n).map { _ in stream.normal() }
    let mean = numbers.reduce(0, +) / Double(n)
    let variance = numbers.reduce(0) { $0 + $1 * $1 } / Double(n)
    #expect(abs(mean) < 6 / Double(n).squareRoot())
    #expect(abs(variance - 1) < 6 * (2 / Double(n)).squareRoot())
  }

  @Test("Each pass shows every example once, in an order of its own")
  func order() {
    var order = ExampleOrder(count: 50, seed: 1)
    let first = (0..<50).map { _ in order.next() }
    let second = (0..<50).map { _ in order.next() }
    #expect(first.sorted() == Array(0..<50) && second.sorted() == Array(0..<50))
    #expect(first != second)
  }
}
