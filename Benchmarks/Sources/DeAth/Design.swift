import Foundation

/// The starting points that all tuners share: Latin hypercubes in the unit cube, by run.
struct Design: Sendable {
  /// The points of each run.
  var runs: [[[Double]]]

  /// Reads `d6.csv` and the like: run, point, coordinates.
  init(dimension: Int, in folder: String) throws {
    let text = try String(contentsOfFile: "\(folder)/d\(dimension).csv", encoding: .utf8)
    runs = []
    for line in text.split(separator: "\n") {
      let numbers = line.split(separator: ",").compactMap { Double($0) }
      guard numbers.count == dimension + 2, let run = Int(exactly: numbers[0]),
        run == runs.count || run == runs.count - 1
      else { throw Failure("There is a bad line in d\(dimension).csv: \(line)") }
      if run == runs.count { runs.append([]) }
      runs[run].append(Array(numbers[2...]))
    }
  }
}

/// Something that ends the program, in words for the person at the keyboard.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
