import DigitsPerceptron
import NumericalMethods
import Testing

@Suite("The digits and their division")
struct DigitsTests {
  @Test("The data built in are 1797 images of 64 pixels from 0 to 1")
  func builtIn() throws {
    let digits = try Digits(contentsOf: nil)
    #expect(digits.count == 1_797)
    #expect(digits.images.rows == 64 && digits.images.columns == 1_797)
    #expect(digits.images.elements.min() == 0 && digits.images.elements.max() == 1)
  }

  @Test("Pixels and label of a line stay together")
  func firstLine() throws {
    let digits = try Digits(contentsOf: nil)
    #expect(Array(digits.images.column(0)[0..<8]) == [0, 0, 5, 13, 9, 1, 0, 0].map { $0 / 16 })
    #expect(Array(digits.labels[0..<3]) == [0, 1, 2])
    let subset = digits.subset(at: [2, 0])
    #expect(subset.labels == [2, 0] && subset.images.column(1) == digits.images.column(0))
  }

  @Test("Each digit is shown by about a tenth of the images")
  func classBalance() throws {
    let digits = try Digits(contentsOf: nil)
    let counts = (0..<10).map { digit in digits.labels.count { $0 == digit } }
    #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  }

  @Test("Training, validation and test images are disjoint and complete", arguments: [0, 1, .max] as [UInt64])
  func disjoint(seed: UInt64) {
    let parts = DigitsSplit.indices(count: 1_797, seed: seed)
    #expect([parts.training.count, parts.validation.count, parts.test.count] == [898, 449, 450])
    #expect((parts.training + parts.validation + parts.test).sorted() == Array(0..<1_797))
  }

  /// Hypergeometric: 90 ± 6.4 of each digit among the training images; 32 off has a probability below 1e-6.
  @Test("Each digit has its share of the training images")
  func balancedSplit() throws {
    let split = DigitsSplit(try Digits(contentsOf: nil), seed: 1)
    for digit in 0..<10 {
      #expect(abs(split.training.labels.count { $0 == digit } - 90) < 32)
    }
  }

  @Test("Another seed divides the images otherwise")
  func splitSeed() {
    #expect(DigitsSplit.indices(count: 100, seed: 1).training != DigitsSplit.indices(count: 100, seed: 2).training)
  }

  private static let line = Array(repeating: "7", count: 64).joined(separator: ",") + ",3\n"

  @Test(
    "A line that is no image is refused with its number",
    arguments: [
      "1,2,3", line.dropLast(2) + "10", line.dropLast() + ",", "17" + line.dropFirst(), "x" + line.dropFirst(),
    ])
  func malformed(bad: String) {
    #expect(throws: DigitsError.malformedLine(2)) { try Digits(parsing: (Self.line + bad + "\n").utf8) }
  }

  @Test("Too few images to divide are refused")
  func tooFew() throws {
    #expect(throws: DigitsError.tooFewImages(39, needed: 40)) {
      try Digits(parsing: String(repeating: Self.line, count: 39).utf8)
    }
    #expect(try Digits(parsing: String(repeating: Self.line, count: 40).utf8).count == 40)
  }

  @Test("A file that is not there is named in the error")
  func unreadable() {
    let error = #expect(throws: DigitsError.self) { try Digits(contentsOf: "/nowhere/digits.csv") }
    #expect(error?.description.contains("/nowhere/digits.csv") == true)
  }
}
