import Foundation
import NumericalMethods
import Testing

/// A data set whose rows are split by their number modulo 3 into training, validation and test rows.
struct RealData {
  let rows: [[Double]]
  let targets: [Double]

  /// Reads a file of numbers separated by commas, the target last.
  init(_ url: URL, header: Bool = false) throws {
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst(header ? 1 : 0)
    let numbers = lines.map { line in line.split(separator: ",").compactMap { Double($0) } }
    rows = numbers.map { Array($0.dropLast()) }
    targets = numbers.compactMap(\.last)
  }

  static func cancer() throws -> RealData {
    try RealData(try file("breast_cancer"), header: true)
  }

  static func diabetes() throws -> RealData { try RealData(try file("diabetes")) }

  /// The digits that an example tunes a perceptron on.
  static func digits() throws -> RealData {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try RealData(root.appendingPathComponent("Examples/DigitsPerceptron/Data/digits.csv"))
  }

  private static func file(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: name, withExtension: "csv", subdirectory: "Fixtures/Data"))
  }

  /// The rows of one part, standardised by the training rows where asked for, with a column of ones where asked for.
  func design(_ part: Int, standardised: Bool = true, bias: Bool = false, scale: Double = 1) -> Matrix {
    let training = self.part(rows, 0)
    let scales: [(mean: Double, deviation: Double)] = rows[0].indices.map { j in
      standardised ? Self.scale(training.map { $0[j] }) : (mean: 0, deviation: scale)
    }
    let chosen: [[Double]] = self.part(rows, part).map { row in
      var values = zip(row, scales).map { value, scale in (value - scale.mean) / scale.deviation }
      if bias { values.append(1) }
      return values
    }
    return Matrix(chosen)
  }

  /// The targets of one part, standardised by the training rows.
  func standardisedTargets(_ part: Int) -> [Double] {
    let (mean, deviation) = Self.scale(self.part(targets, 0))
    return self.part(targets, part).map { ($0 - mean) / deviation }
  }

  /// The classes of one part.
  func labels(_ part: Int) -> [Int] { self.part(targets, part).map { Int($0) } }

  /// The classes 0 and 1 of one part as −1 and 1.
  func signs(_ part: Int) -> [Double] { self.part(targets, part).map { 2 * $0 - 1 } }

  private func part<Element>(_ values: [Element], _ part: Int) -> [Element] {
    values.indices.filter { $0 % 3 == part }.map { values[$0] }
  }

  private static func scale(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, variance.squareRoot())
  }
}
