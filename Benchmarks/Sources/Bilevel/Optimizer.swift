import Foundation
import TuningModel

/// `hone-optimizer` as a process of its own: the tuner `bayesian` on a box, one trial after another.
final class Optimizer {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var rest = Data()

  init(_ path: String) throws {
    process.executableURL = URL(fileURLWithPath: path)
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private func send(_ message: JSONValue) throws -> JSONValue {
    try input.fileHandleForWriting.write(contentsOf: Data((message.text + "\n").utf8))
    while true {
      if let end = rest.firstIndex(of: 10) {
        let line = rest[rest.startIndex..<end]
        rest = Data(rest[rest.index(after: end)...])
        return try JSONValue(text: Data(line))
      }
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { throw CocoaError(.fileReadUnknown) }
      rest.append(more)
    }
  }

  /// Opens a study of d floats, whose first trial is the start.
  func open(_ box: [(range: ClosedRange<Double>, start: Double)], seed: Int) throws {
    let parameters = box.enumerated().map { j, one -> JSONValue in
      [
        "name": .string("t\(j)"), "type": "float", "low": .number(one.range.lowerBound),
        "high": .number(one.range.upperBound), "default": .number(one.start),
      ]
    }
    let study: JSONValue = [
      "name": "s", "parameters": .array(parameters), "objectives": [["metric": "loss", "goal": "minimize"]],
      "tuner": ["name": "bayesian"], "noise": "none",
    ]
    let answer = try send(["new": study, "seed": .integer(seed)])
    guard answer["error"] == nil else { throw CocoaError(.fileReadUnknown, userInfo: ["answer": answer.text]) }
  }

  /// The next point.
  func ask(_ d: Int) throws -> (number: JSONValue, theta: [Double]) {
    let answer = try send(["ask": 1])
    guard case .array(let trials)? = answer["trials"], let trial = trials.first, let number = trial["number"] else {
      throw CocoaError(.fileReadUnknown, userInfo: ["answer": answer.text])
    }
    let theta = (0..<d).map { j -> Double in
      if case .number(let value)? = trial["parameters"]?["t\(j)"] { value } else { .nan }
    }
    return (number, theta)
  }

  /// Tells a result.
  func tell(_ number: JSONValue, _ loss: Double) throws {
    _ = try send(["tell": ["number": number, "metrics": ["loss": .number(loss)]]])
  }
}
