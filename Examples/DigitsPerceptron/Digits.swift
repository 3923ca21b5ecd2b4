import Foundation
package import NumericalMethods

/// Images of handwritten digits with the digits that they show.
package struct Digits {
  /// Pixels in an image.
  package static let pixelCount = 64

  /// Digits to tell apart.
  package static let classCount = 10

  /// The fewest images that can be split into three parts that are of any use.
  private static let fewest = 40

  /// One image per column: 64 pixels from 0 (white) to 1 (black).
  package let images: Matrix

  /// The digit of each column, 0 to 9.
  package let labels: [Int]

  /// The number of images.
  package var count: Int { labels.count }

  /// Reads lines of 64 pixels from 0 to 16 and a digit, separated by commas.
  ///
  /// - Throws: `DigitsError` with the line that is none, or when there are too few.
  package init(parsing text: some Sequence<UInt8>) throws(DigitsError) {
    var pixels: [Double] = []
    var labels: [Int] = []
    for (index, line) in Array(text).split(separator: UInt8(ascii: "\n")).enumerated() {
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      let values = fields.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
      guard fields.count == Self.pixelCount + 1, values.count == fields.count, let label = values.last,
        (0..<Self.classCount).contains(label), values.dropLast().allSatisfy((0...16).contains)
      else { throw .malformedLine(index + 1) }
      pixels += values.dropLast().map { Double($0) / 16 }
      labels.append(label)
    }
    guard labels.count >= Self.fewest else { throw .tooFewImages(labels.count, needed: Self.fewest) }
    images = Matrix(rows: Self.pixelCount, columns: labels.count, elements: pixels)
    self.labels = labels
  }

  /// Reads a file of such lines; without a path, the one that is built into the program.
  package init(contentsOf path: String?) throws(DigitsError) {
    let file = path.map { URL(fileURLWithPath: $0) } ?? Self.bundledFile
    let text: Data
    do {
      text = try Data(contentsOf: file)
    } catch {
      throw .unreadable(file.path, error.localizedDescription)
    }
    try self.init(parsing: text)
  }

  /// The data beside the executable, where the package manager puts a target's resources.
  ///
  /// `Bundle.module` finds them too, but stops the process when an executable was moved without them.
  private static var bundledFile: URL {
    Bundle.main.bundleURL.appendingPathComponent("hone_DigitsPerceptron.resources/Data/digits.csv")
  }

  private init(images: Matrix, labels: [Int]) {
    self.images = images
    self.labels = labels
  }

  /// The images at these places.
  package func subset(at indices: some Collection<Int>) -> Digits {
    Digits(images: images.columns(at: indices), labels: indices.map { labels[$0] })
  }
}
